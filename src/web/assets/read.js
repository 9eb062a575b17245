// What a transcript does beside its links: marked words can be coded, coded stretches are
// painted, and sections of a long one are put in when they come near.
// Positions count Unicode scalar values of a turn as it is shown.

const marks = new Map();
const hasPaint = "highlights" in CSS;

/** The UTF-16 offset in a text of a position that counts scalar values. */
function utf16(text, n) {
  let at = 0;
  for (let left = n; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The position that counts scalar values of a UTF-16 offset. */
function scalars(text, at) {
  return Array.from(text.slice(0, at)).length;
}

function wordsOf(turn) {
  return document.querySelector(`.words[data-turn="${turn}"]`);
}

/** The ranges of a quotation in the turns that are shown. */
function rangesOf(mark) {
  const ranges = [];
  for (let turn = mark.from.turn; turn <= mark.to.turn; turn += 1) {
    const node = wordsOf(turn)?.firstChild;
    if (!node) continue;
    const range = new Range();
    range.setStart(node, turn === mark.from.turn ? utf16(node.data, mark.from.char) : 0);
    range.setEnd(node, turn === mark.to.turn ? utf16(node.data, mark.to.char) : node.length);
    ranges.push(range);
  }
  return ranges;
}

function paint() {
  if (!hasPaint) return;
  marks.clear();
  for (const data of document.querySelectorAll("script.marks")) {
    for (const mark of JSON.parse(data.textContent)) marks.set(String(mark.quotation), mark);
  }
  CSS.highlights.set("coded", new Highlight(...[...marks.values()].flatMap(rangesOf)));
}

function light(event) {
  const stripe = event.target.closest?.(".stripe");
  const mark = stripe && marks.get(stripe.dataset.quotation);
  if (hasPaint) CSS.highlights.set("lit", new Highlight(...(mark ? rangesOf(mark) : [])));
}

/** The turn and the position in it of one end of a selection. */
function place(node, offset) {
  const words = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".words");
  if (!words || !words.firstChild) return null;
  const at = node.nodeType === Node.TEXT_NODE ? offset : offset === 0 ? 0 : words.firstChild.length;
  return { turn: Number(words.dataset.turn), at };
}

/** The nearest end inside words, of a selection that runs on into a label or margin. */
function ends(range) {
  const inside = [...document.querySelectorAll(".words")].filter((words) => range.intersectsNode(words) && words.firstChild);
  if (inside.length === 0) return null;
  const [first, last] = [inside[0], inside[inside.length - 1]];
  const from = place(range.startContainer, range.startOffset) ?? { turn: Number(first.dataset.turn), at: 0 };
  const to = place(range.endContainer, range.endOffset) ?? { turn: Number(last.dataset.turn), at: last.firstChild.length };
  return [from, to];
}

/** Puts what is marked into the form, without the white space at its ends. */
function choose() {
  const form = document.getElementById("coding");
  const selection = getSelection();
  if (!form || selection.isCollapsed || selection.rangeCount === 0) return;
  const found = ends(selection.getRangeAt(0));
  if (!found) return;
  const [from, to] = found;
  const texts = [];
  for (let turn = from.turn; turn <= to.turn; turn += 1) texts.push(wordsOf(turn)?.textContent ?? null);
  if (texts.length === 0 || texts.includes(null)) return;
  const last = texts.length - 1;
  while (to.at > (last === 0 ? from.at : 0) && /\s/.test(texts[last][to.at - 1])) to.at -= 1;
  while (from.at < (last === 0 ? to.at : texts[0].length) && /\s/.test(texts[0][from.at])) from.at += 1;
  const shown = texts.map((text, n) => text.slice(n === 0 ? from.at : 0, n === last ? to.at : undefined));
  if (!shown.join("").trim()) return;
  form.elements.from.value = `${from.turn}:${scalars(texts[0], from.at)}`;
  form.elements.to.value = `${to.turn}:${scalars(texts[last], to.at)}`;
  form.elements.shown.value = JSON.stringify(shown);
  document.getElementById("marked").textContent = shown.join(" … ");
  document.getElementById("uncode").hidden = false;
  form.hidden = false;
}

document.addEventListener("pointerup", (event) => {
  if (!event.target.closest?.("#coding")) setTimeout(choose);
});
document.addEventListener("keyup", (event) => {
  if (event.shiftKey || event.key === "Shift") choose();
  if (event.key === "c" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    const form = document.getElementById("coding");
    if (form && !form.hidden) form.elements.code.focus();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.id !== "uncode") return;
  document.getElementById("coding").hidden = true;
  getSelection().removeAllRanges();
});
for (const name of ["pointerover", "focusin"]) document.addEventListener(name, light);

/** Puts a section in the place of its link. */
async function more(link) {
  if (link.dataset.busy) return;
  link.dataset.busy = "yes";
  const address = new URL(link.href);
  const answer = await fetch(address.pathname.replace(/^\/read\//, "/part/") + address.search);
  if (!answer.ok) return;
  const holder = document.createElement("div");
  holder.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  const transcript = document.getElementById("transcript");
  const isAfter = link.dataset.more === "after";
  transcript.insertAdjacentElement(isAfter ? "beforeend" : "afterbegin", holder);
  const [first, last] = address.searchParams.get("turns").split("-").map(Number);
  const size = last - first + 1;
  const all = Number(link.dataset.turns);
  const next = isAfter ? [last + 1, Math.min(last + size, all - 1)] : [Math.max(first - size, 0), first - 1];
  delete link.dataset.busy;
  if (isAfter ? last + 1 >= all : first === 0) {
    link.closest(".section").remove();
  } else {
    address.searchParams.set("turns", next.join("-"));
    link.href = address.pathname + address.search;
    link.textContent = `Turns ${next[0] + 1} to ${next[1] + 1}${isAfter ? ` of ${all}` : ""}`;
  }
  paint();
}

function watch() {
  const near = new IntersectionObserver(
    (seen) => seen.filter((it) => it.isIntersecting).forEach((it) => more(it.target)),
    { rootMargin: "1500px" },
  );
  document.querySelectorAll("a[data-more=after]").forEach((link) => near.observe(link));
  paint();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-more]");
  if (!link) return;
  event.preventDefault();
  more(link);
});
document.addEventListener("leitmotif:taken", watch);
watch();
