// Where words stand in a transcript: a turn, and a place in its text node. The page keeps
// UTF-16 offsets; forms and marks count Unicode scalar values of a turn as it is shown.

/** The words of a turn, if its section is loaded. */
export function wordsOf(turn) {
  return document.querySelector(`.words[data-turn="${turn}"]`);
}

export function textOf(turn) {
  return wordsOf(turn)?.firstChild?.data ?? "";
}

/** The UTF-16 offset in a text of a position that counts scalar values. */
export function utf16(text, n) {
  let at = 0;
  for (let left = n; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The position that counts scalar values of a UTF-16 offset. */
export function scalars(text, at) {
  return Array.from(text.slice(0, at)).length;
}

/** The ranges between two places in the turns that are loaded. */
export function rangesOf(from, to) {
  const ranges = [];
  for (let turn = from.turn; turn <= to.turn; turn += 1) {
    const node = wordsOf(turn)?.firstChild;
    if (!node) continue;
    const range = new Range();
    range.setStart(node, turn === from.turn ? Math.min(from.at, node.length) : 0);
    range.setEnd(node, turn === to.turn ? Math.min(to.at, node.length) : node.length);
    ranges.push(range);
  }
  return ranges;
}

/** A place of a mark as the page keeps it. */
export function placeOf({ turn, char }) {
  return { turn, at: utf16(textOf(turn), char) };
}

/** The turn and the offset of one end of what the browser has selected. */
function place(node, offset) {
  const words = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".words");
  if (!words || !words.firstChild) return null;
  const at = node.nodeType === Node.TEXT_NODE ? offset : offset === 0 ? 0 : words.firstChild.length;
  return { turn: Number(words.dataset.turn), at };
}

/** Both ends, inside words, of a selection that may run on into a label or margin. */
export function endsOf(range) {
  const isIn = (words) => range.intersectsNode(words) && words.firstChild;
  const inside = [...document.querySelectorAll(".words")].filter(isIn);
  if (inside.length === 0) return null;
  const [first, last] = [inside[0], inside[inside.length - 1]];
  const from = place(range.startContainer, range.startOffset) ?? { turn: Number(first.dataset.turn), at: 0 };
  const to = place(range.endContainer, range.endOffset) ?? { turn: Number(last.dataset.turn), at: last.firstChild.length };
  return [from, to];
}

/** What stands between two places, a text a turn; without white space at its ends, which
    moves the places. None where a turn is not loaded, or nothing is left. */
export function wordsBetween(from, to) {
  const texts = [];
  for (let turn = from.turn; turn <= to.turn; turn += 1) texts.push(wordsOf(turn)?.textContent ?? null);
  if (texts.length === 0 || texts.includes(null)) return null;
  const last = texts.length - 1;
  while (to.at > (last === 0 ? from.at : 0) && /\s/.test(texts[last][to.at - 1])) to.at -= 1;
  while (from.at < (last === 0 ? to.at : texts[0].length) && /\s/.test(texts[0][from.at])) from.at += 1;
  const shown = texts.map((text, n) => text.slice(n === 0 ? from.at : 0, n === last ? to.at : undefined));
  return shown.join("").trim() ? shown : null;
}

/** The starts and ends of words, sentences or letters (`word`, `sentence`, `grapheme`). */
export function edges(turn, granularity) {
  const segments = new Intl.Segmenter(undefined, { granularity }).segment(textOf(turn));
  const isMeant = (it) => granularity !== "word" || it.isWordLike;
  return [...segments].filter(isMeant).map((it) => {
    const words = it.segment.trimEnd();
    return [it.index, it.index + (words.length || it.segment.length)];
  });
}

/** Whether a person is typing, so that keys are letters. */
export function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));
}
