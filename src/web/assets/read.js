// What a transcript does beside its links: coded stretches are painted, sections of a
// long one are loaded when they come near, and the words can be made larger.

import { take } from "./page.js";
import { placeOf, rangesOf, wordsOf } from "./places.js";

/** The quotations of the sections that are loaded, by their numbers. */
export const marks = new Map();
const hasPaint = "highlights" in CSS;
const rangesOfMark = (mark) => rangesOf(placeOf(mark.from), placeOf(mark.to));

function paint() {
  marks.clear();
  for (const data of document.querySelectorAll("script.marks")) {
    for (const mark of JSON.parse(data.textContent)) marks.set(String(mark.quotation), mark);
  }
  if (!hasPaint) return;
  CSS.highlights.set("coded", new Highlight(...[...marks.values()].flatMap(rangesOfMark)));
  CSS.highlights.set("found", new Highlight(...found()));
}

/** The words that were looked for, in the turns that are shown as their place. */
function found() {
  const words = document.getElementById("transcript")?.dataset.found;
  if (!words) return [];
  const ranges = [];
  for (const turn of document.querySelectorAll(".turn.target .words")) {
    const [node, n] = [turn.firstChild, Number(turn.dataset.turn)];
    const isWithin = (at) => /[\p{L}\p{N}]/u.test(node.data.charAt(at));
    for (let at = node?.data.indexOf(words) ?? -1; at >= 0; at = node.data.indexOf(words, at + 1)) {
      const end = at + words.length;
      if (!isWithin(at - 1) && !isWithin(end)) ranges.push(...rangesOf({ turn: n, at }, { turn: n, at: end }));
    }
  }
  return ranges;
}

/** Lights up the words of the code that the pointer or the focus is on. */
function light(event) {
  const stripe = event.target.closest?.(".stripe[data-quotation]");
  const proposed = event.target.closest?.(".proposed");
  const mark = stripe && marks.get(stripe.dataset.quotation);
  const words = proposed && wordsOf(proposed.dataset.turn);
  const whole = words ? [{ turn: Number(words.dataset.turn), at: 0 }, { turn: Number(words.dataset.turn), at: Infinity }] : null;
  if (hasPaint) CSS.highlights.set("lit", new Highlight(...(mark ? rangesOfMark(mark) : whole ? rangesOf(...whole) : [])));
}
for (const name of ["pointerover", "focusin"]) document.addEventListener(name, light);

/** Puts a section in the place of its link. */
async function load(section) {
  const link = section.querySelector("a[data-part]");
  if (!link || link.dataset.busy) return;
  link.dataset.busy = "yes";
  const answer = await fetch(link.dataset.part).catch(() => null);
  delete link.dataset.busy;
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isAbove = section.getBoundingClientRect().top < 0;
  const before = isAbove ? section.offsetHeight : 0;
  section.replaceChildren(...page.body.childNodes);
  section.classList.remove("away");
  section.style.removeProperty("block-size");
  // What is in sight stays there, whatever height was expected of what is above it.
  if (isAbove) scrollBy(0, section.offsetHeight - before);
  paint();
}

function setHeight(section, pixels) {
  section.style.setProperty("block-size", `${Math.round(pixels)}px`);
}

/** Goes to another place of this transcript without leaving the page. */
async function go(address) {
  const { hash } = new URL(address, location);
  history.pushState(null, "", address);
  await take(address, true);
  const place = hash && document.getElementById(hash.slice(1));
  if (!place) return;
  place.scrollIntoView();
  const turn = place.closest(".turn") ?? place;
  turn.tabIndex = -1;
  turn.focus({ preventScroll: true });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get" || !form.closest(".tools") || new URL(form.action).pathname !== location.pathname) return;
  event.preventDefault();
  const { pathname, hash } = new URL(form.action);
  go(`${pathname}?${new URLSearchParams(new FormData(form))}${hash}`);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".found-in a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.href);
});

/** What is in sight stays where it is while the page is taken anew. */
document.addEventListener("leitmotif:taking", ({ detail }) => {
  for (const old of document.querySelectorAll(".part")) {
    const section = detail.main.querySelector(`#${old.id}.away`);
    if (!section) continue;
    setHeight(section, old.offsetHeight);
    const { top, bottom } = old.getBoundingClientRect();
    const isNear = bottom > -innerHeight && top < 2 * innerHeight;
    if (isNear && !detail.goes && !old.classList.contains("away")) detail.waits.push(load(section));
  }
});

/** Gives every section that is away the height that it will about have, and loads those
    that come near. */
let near = null;
function watch() {
  near?.disconnect();
  near = new IntersectionObserver(
    (seen) => seen.filter((it) => it.isIntersecting).forEach((it) => load(it.target)),
    { rootMargin: "4000px" },
  );
  const loaded = document.querySelector(".part:not(.away)");
  const ratio = loaded ? Math.max(loaded.offsetHeight / Number(loaded.dataset.size), 0.05) : 0.4;
  for (const section of document.querySelectorAll(".part.away")) {
    if (!section.style.blockSize) setHeight(section, ratio * Number(section.dataset.size));
    near.observe(section);
  }
  paint();
}
document.addEventListener("click", (event) => {
  const section = event.target.closest?.("a[data-part]")?.closest(".part");
  if (!section) return;
  event.preventDefault();
  load(section);
});
document.addEventListener("leitmotif:taken", watch);
watch();
// The place that the address names has moved, since sections before it have heights now.
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
