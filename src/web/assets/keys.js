// Keys: each presses something that is on the page and has the key on its face, or moves
// from one thing to the next. None while somebody types; all can be switched off.

import { isTyping } from "./places.js";

const GO = { s: "/study", r: "/read", t: "/themes", q: "/quotes", c: "/compare", p: "/report" };
const ITEMS = ".turn, .card, .proposal, .found, figure.quote:not(.card *, .proposal *, .found *), .memo-card, .list > li, .codes-table tbody tr";
const QUOTATIONS = "main .stripe, main figure.quote figcaption > a:first-child";
/** What keys do that no button carries. */
const OTHERS = [
  ["?", "this list"],
  ["g, then s r t q c p", "go to Study, Read, Themes, Quotes, Compare, Report"],
  ["/", "find quotes"],
  ["Ctrl+K", "any command by its name"],
  ["j, k", "the next, the one before"],
  ["n, p", "the next quotation, the one before"],
  ["Enter", "open it"],
  ["Esc", "leave it; what you typed stays"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
];
const OF_READING = [
  ["v", "start to mark words in this turn"],
  ["← →", "one word less, one more; with Shift one letter"],
  ["↑ ↓", "one sentence less, one more"],
  ["[ and ]", "move the start, move the end; on a code in the margin: change its bounds"],
  ["Shift+V", "choose sentences from a list"],
  ["r", "code what is marked as the last time"],
  ["o", "the next of the codes that overlap here"],
];

const isOn = () => localStorage.getItem("keys") !== "off";
export const isShown = (element) => element.checkVisibility({ checkVisibilityCSS: true });
const items = () => [...document.querySelectorAll(ITEMS)].filter((it) => it.closest("main") && isShown(it));

const quotations = () => [...document.querySelectorAll(QUOTATIONS)].filter(isShown);
const focused = () => document.activeElement?.closest("main *");

/** The innermost thing that the focus is in. */
function current() {
  return document.activeElement?.closest?.(ITEMS) ?? null;
}

/** Moves the focus from one to the next; from the first that is in sight if none has it. */
function step(all, from, by) {
  if (all.length === 0) return;
  const here = all.indexOf(from);
  const isAfter = (it) =>
    from ? from.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING : it.getBoundingClientRect().bottom > 80;
  const after = all.findIndex(isAfter);
  const next = here >= 0 ? here + by : by < 0 && from ? after - 1 : after < 0 ? all.length - 1 : after;
  const target = all[Math.min(Math.max(next, 0), all.length - 1)];
  if (!target.matches("a, button, summary, [tabindex]")) target.tabIndex = -1;
  target.focus();
}

/** Presses what carries this key, in the thing that the focus is in, else on the page. */
function press(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const places = [];
  const quote = document.activeElement?.closest?.("figure.quote");
  if (quote) places.push(quote);
  for (let place = current(); place; place = place.parentElement.closest(ITEMS)) places.push(place);
  const found = [...places, document].map((it) => [...it.querySelectorAll(selector)].find(isShown));
  const target = found.find(Boolean);
  if (target) activate(target);
  return Boolean(target);
}

/** Does what a click does, and puts the focus where it is needed next. */
export function activate(target) {
  if (target.matches("input:not([type=checkbox])")) target.focus();
  else target.click();
  if (target.matches("summary") && target.parentElement.open) {
    target.parentElement.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  }
}

function leave() {
  const open = document.activeElement?.closest?.("details[open]");
  document.dispatchEvent(new Event("leitmotif:leave"));
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (isTyping(document.activeElement)) {
    const item = current();
    document.activeElement.blur();
    if (item) step([item], item, 0);
  }
}

function act(verb) {
  document.querySelector(`#status form[action="/do/${verb}"] button`)?.click();
}

/** The list of keys, with those of the buttons of this page. */
function list() {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const carried = new Map();
  for (const it of document.querySelectorAll("main [data-key]")) {
    const says = it.labels?.[0]?.textContent.trim() || it.textContent.trim();
    if (!carried.has(it.dataset.key)) carried.set(it.dataset.key, says);
  }
  const rows = [...OTHERS, ...carried, ...(document.getElementById("transcript") ? OF_READING : [])];
  const line = ([keys, says]) => {
    const [dt, dd, kbd] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
    kbd.textContent = keys;
    dd.textContent = says;
    dt.append(kbd);
    return [dt, dd];
  };
  const page = new DOMParser().parseFromString(
    `<h2 id="keys-title">Keys</h2><dl></dl>
     <p><label class="check"><input type="checkbox" id="keys-on"> Use these keys</label></p>
     <form method="dialog"><button class="first" autofocus>Close</button></form>`,
    "text/html",
  );
  page.querySelector("dl").append(...rows.flatMap(line));
  dialog.append(...page.body.childNodes);
  const box = dialog.querySelector("#keys-on");
  box.checked = isOn();
  box.addEventListener("change", () => {
    localStorage.setItem("keys", box.checked ? "on" : "off");
    document.documentElement.classList.toggle("with-keys", box.checked);
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

let isGoing = false;
const PLAIN = {
  "?": list,
  "/": () => document.getElementById("find").focus(),
  j: () => step(items(), current(), 1),
  k: () => step(items(), current(), -1),
  n: () => step(quotations(), focused(), 1),
  p: () => step(quotations(), focused(), -1),
};

document.addEventListener("keydown", (event) => {
  if (!isOn() || event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return leave();
  if (isTyping(event.target)) return;
  if (event.ctrlKey || event.metaKey) {
    const key = event.key.toLowerCase();
    if (key === "z") act(event.shiftKey ? "redo" : "undo");
    else return;
    return event.preventDefault();
  }
  const wasGoing = isGoing;
  isGoing = !wasGoing && event.key === "g";
  if (wasGoing && GO[event.key]) {
    location.assign(GO[event.key]);
  } else if (isGoing) {
    // The place comes next.
  } else if (event.key === "Enter") {
    if (!event.target.matches(ITEMS) || event.target.matches("a, button, summary")) return;
    (event.target.querySelector("[data-open]") ?? event.target.querySelector("a[href]"))?.click();
  } else if (PLAIN[event.key]) {
    PLAIN[event.key]();
  } else if (!press(event.key)) {
    return;
  }
  event.preventDefault();
});

/** The button that shows the keys, for whoever does not know of them. */
const button = document.createElement("button");
button.type = "button";
button.className = "quiet";
button.textContent = "Keys";
button.addEventListener("click", list);
document.getElementById("status")?.append(button);
document.documentElement.classList.toggle("with-keys", isOn());
