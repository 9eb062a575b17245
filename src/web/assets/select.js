// Marking words of a transcript, by pointer, by keys or from a list of sentences, and
// coding what is marked. What is marked is one stretch; one of its ends moves with keys.

import { edges, endsOf, isTyping, placeOf, rangesOf, scalars, textOf, wordsBetween, wordsOf } from "./places.js";
import { marks } from "./read.js";

/** What is marked: two places, the end that keys move, and the quotation whose bounds
    it is to become, if any. */
let marked = null;

const coding = () => document.getElementById("coding");

/** Whether a place comes before another. */
function isBefore(a, b) {
  return a.turn < b.turn || (a.turn === b.turn && a.at < b.at);
}

/** Puts what is marked into the form that keeps it. */
function offer(from, to, quotation) {
  const form = coding();
  const shown = form && wordsBetween(from, to);
  if (!shown) return false;
  form.elements.from.value = `${from.turn}:${scalars(textOf(from.turn), from.at)}`;
  form.elements.to.value = `${to.turn}:${scalars(textOf(to.turn), to.at)}`;
  form.elements.shown.value = JSON.stringify(shown);
  form.elements.quotation.value = quotation ?? "";
  form.classList.toggle("bounds", Boolean(quotation));
  form.action = quotation ? "/do/resize-quotation" : "/do/code";
  document.getElementById("marked").textContent = shown.join(" … ");
  document.getElementById("uncode").hidden = false;
  form.hidden = false;
  uncover(form);
  return true;
}

/** Puts the form under what is marked, or over it where there is no room; on a narrow window
    it stays at the foot. */
function place(form) {
  for (const side of ["top", "bottom", "left"]) form.style.removeProperty(side);
  form.classList.remove("near");
  if (innerWidth < 900 || innerHeight < 500) return;
  form.classList.add("near");
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0).getBoundingClientRect() : null;
  if (!range?.height) return form.classList.remove("near");
  const [high, foot] = [form.offsetHeight, document.getElementById("status").offsetHeight];
  const isBelow = range.bottom + 8 + high < innerHeight - foot;
  const top = isBelow ? range.bottom + 8 : range.top - 8 - high;
  if (!isBelow && top < 60) return form.classList.remove("near");
  form.style.setProperty("top", `${Math.round(top)}px`);
  form.style.setProperty("bottom", "auto");
}
for (const name of ["scroll", "resize"]) addEventListener(name, () => {
  const form = coding();
  if (form && !form.hidden && marked && (name === "resize" || !form.contains(document.activeElement))) place(form);
}, { passive: true });

/** Moves the page where the form would stand over what is marked. */
function uncover(form) {
  place(form);
  if (form.classList.contains("near")) return;
  const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect();
  const under = bottom + 16 - form.getBoundingClientRect().top;
  if (under > 0) scrollBy(0, Math.min(under, Math.max(top - 80, 0)));
}

/** Takes what the pointer has selected. */
function choose() {
  const selection = getSelection();
  if (!coding() || selection.isCollapsed || selection.rangeCount === 0) return;
  const ends = endsOf(selection.getRangeAt(0));
  if (!ends) return;
  const [from, to] = ends;
  const quotation = marked?.quotation;
  if (offer(from, to, quotation)) marked = { from, to, isEnd: true, isByKeys: false, quotation };
}

/** Shows what is marked by keys, as a selection that is read out. */
function show() {
  const { from, to, quotation } = marked;
  const ranges = rangesOf(from, to);
  if (ranges.length === 0) return;
  const last = ranges[ranges.length - 1];
  getSelection().setBaseAndExtent(ranges[0].startContainer, ranges[0].startOffset, last.endContainer, last.endOffset);
  const end = (marked.isEnd ? last : ranges[0]).getBoundingClientRect();
  if (end.top < 90 || end.bottom > innerHeight - 260) scrollBy(0, end.top - innerHeight / 3);
  offer({ ...from }, { ...to }, quotation);
  const words = wordsBetween({ ...from }, { ...to })?.join(" … ") ?? "";
  document.getElementById("reads").textContent = `Marked: ${words}`;
}

function leave() {
  const form = coding();
  const turn = form?.contains(document.activeElement) && marked && document.getElementById(`t${marked.from.turn}`);
  marked = null;
  if (form) form.hidden = true;
  if (turn) {
    turn.tabIndex = -1;
    turn.focus({ preventScroll: true });
  }
  getSelection().removeAllRanges();
}

/** Where an end goes: to the next edge of its kind, or the one before, over turns. */
function moved(place, isEnd, by, granularity) {
  let { turn, at } = place;
  for (;;) {
    const own = edges(turn, granularity).map(([start, end]) => (isEnd ? end : start));
    const next = by > 0 ? own.find((edge) => edge > at) : own.findLast((edge) => edge < at);
    if (next !== undefined) return { turn, at: next };
    turn += by;
    const words = wordsOf(turn);
    if (!words) return place;
    at = by > 0 ? -1 : Infinity;
  }
}

/** Moves the end that keys move; the other one gives way. */
function extend(by, granularity) {
  const { isEnd } = marked;
  const place = moved(isEnd ? marked.to : marked.from, isEnd, by, granularity);
  const next = { ...marked, [isEnd ? "to" : "from"]: place };
  if (!isBefore(next.from, next.to)) {
    if (isEnd) next.from = moved(place, false, -1, "word");
    else next.to = moved(place, true, 1, "word");
    if (!isBefore(next.from, next.to)) return;
  }
  marked = next;
  show();
}

/** Moves both ends out to whole words. */
function wholeWords() {
  const out = ({ turn, at }, end) => {
    const word = edges(turn, "word").find(([start, stop]) => start < at && at < stop);
    return { turn, at: word ? word[end] : at };
  };
  marked = { ...marked, from: out(marked.from, 0), to: out(marked.to, 1) };
  show();
}

/** The turn that a person is in: by focus, else the first in sight. */
function turnHere() {
  const own = document.activeElement?.closest?.(".turn");
  const turns = [...document.querySelectorAll(".turn")];
  const turn = own ?? turns.find((it) => it.getBoundingClientRect().bottom > 120);
  return turn && Number(turn.querySelector(".words").dataset.turn);
}

function start() {
  const turn = turnHere();
  const first = turn !== undefined && edges(turn, "word")[0];
  if (!first) return;
  marked = { from: { turn, at: first[0] }, to: { turn, at: first[1] }, isEnd: true, isByKeys: true };
  show();
}

/** Marks the words of a quotation, so that its bounds can be moved. */
function bounds(quotation, isEnd) {
  const mark = marks.get(String(quotation));
  if (!mark || !wordsOf(mark.from.turn) || !wordsOf(mark.to.turn)) return;
  document.activeElement?.closest("details[open]")?.removeAttribute("open");
  marked = { from: placeOf(mark.from), to: placeOf(mark.to), isEnd, isByKeys: true, quotation };
  show();
}

/** Goes on to the next quotation that shares words with the one that has the focus. */
function overlapping() {
  const stripes = [...document.querySelectorAll(".stripe[data-quotation]")];
  const here = stripes.indexOf(document.activeElement);
  const own = here < 0 ? null : marks.get(stripes[here].dataset.quotation);
  const turn = turnHere();
  const meets = (mark) =>
    own
      ? !isBefore(placeOf(mark.to), placeOf(own.from)) && !isBefore(placeOf(own.to), placeOf(mark.from))
      : mark.from.turn <= turn && turn <= mark.to.turn;
  const after = [...stripes.slice(here + 1), ...stripes.slice(0, Math.max(here, 0))];
  after.find((stripe) => meets(marks.get(stripe.dataset.quotation)))?.focus();
}

/** A list of the sentences of a turn, to be ticked. */
function sentences(turn) {
  const found = edges(turn, "sentence");
  if (found.length === 0) return;
  const dialog = document.createElement("dialog");
  dialog.className = "sentences";
  dialog.setAttribute("aria-labelledby", "sentences-title");
  const title = document.createElement("h2");
  title.id = "sentences-title";
  title.textContent = "Choose sentences";
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = "All from the first to the last that you tick are marked.";
  const form = document.createElement("form");
  form.method = "dialog";
  const lines = found.map(([from, to], n) => {
    const [label, box, words] = ["label", "input", "span"].map((name) => document.createElement(name));
    label.className = "check";
    box.type = "checkbox";
    box.value = n;
    words.className = "said";
    words.dir = "auto";
    words.textContent = textOf(turn).slice(from, to);
    label.append(box, " ", words);
    return label;
  });
  const button = document.createElement("button");
  button.className = "first";
  button.value = "mark";
  button.textContent = "Mark them";
  form.append(...lines, button);
  dialog.append(title, hint, form);
  dialog.addEventListener("close", () => {
    const ticked = [...dialog.querySelectorAll("input:checked")].map((box) => Number(box.value));
    dialog.remove();
    if (dialog.returnValue !== "mark" || ticked.length === 0) return;
    const [first, last] = [found[ticked[0]], found[ticked[ticked.length - 1]]];
    marked = { from: { turn, at: first[0] }, to: { turn, at: last[1] }, isEnd: true, isByKeys: true };
    show();
    coding()?.elements.code.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Marks a turn as a whole. */
function whole(turn) {
  const words = textOf(turn);
  marked = { from: { turn, at: 0 }, to: { turn, at: words.length }, isEnd: true, isByKeys: true };
  show();
  coding()?.elements.code.focus();
}

document.addEventListener("pointerup", (event) => {
  if (!event.target.closest?.("#coding, dialog")) setTimeout(choose);
});
document.addEventListener("keyup", (event) => {
  if ((event.shiftKey || event.key === "Shift") && !marked?.isByKeys && !isTyping(event.target)) choose();
});
document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.id === "uncode") leave();
  if (target.id === "whole-words" && marked) wholeWords();
  const resized = target.closest?.("[data-bounds]");
  if (resized) bounds(resized.dataset.bounds, true);
  const turn = target.closest?.(".whole");
  if (turn && coding() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    whole(Number(turn.dataset.turn));
  }
});
document.addEventListener("leitmotif:leave", leave);
document.addEventListener("leitmotif:taken", () => {
  const turn = marked && document.getElementById(`t${marked.from.turn}`);
  marked = null;
  if (!turn) return;
  turn.tabIndex = -1;
  turn.focus({ preventScroll: true });
});

const ARROWS = { ArrowRight: [1, "word"], ArrowLeft: [-1, "word"], ArrowDown: [1, "sentence"], ArrowUp: [-1, "sentence"] };

document.addEventListener("keydown", (event) => {
  const isOff = localStorage.getItem("keys") === "off" || document.querySelector("dialog[open]");
  if (isOff || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || !coding()) return;
  const stripe = event.target.closest?.(".stripe[data-quotation]");
  const arrow = ARROWS[event.key];
  if (marked?.isByKeys && arrow) {
    extend(arrow[0], event.shiftKey && arrow[1] === "word" ? "grapheme" : arrow[1]);
  } else if (stripe && (event.key === "[" || event.key === "]")) {
    bounds(stripe.dataset.quotation, event.key === "]");
  } else if (marked && (event.key === "[" || event.key === "]")) {
    marked = { ...marked, isByKeys: true, isEnd: event.key === "]" };
    show();
  } else if (marked?.quotation && event.key === "Enter" && !event.target.closest("button, a")) {
    coding().requestSubmit(coding().querySelector("[data-keep]"));
  } else if (event.key === "v") {
    start();
  } else if (event.key === "V") {
    sentences(turnHere());
  } else if (event.key === "r" && marked) {
    coding().querySelector("[data-last]")?.click();
  } else if (event.key === "o") {
    overlapping();
  } else {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
});
