// Every command by its name: places, what can be done on this page, transcripts and codes.
// Ctrl+K or the button at the foot opens the list; typing narrows it, Enter does it.

import { activate, isShown } from "./keys.js";

/** As many lines as can be looked through. */
const SHOWN = 12;
const ACTS = "main :is(button, summary, a[data-key]), #status form button";

/** The words of an element without what is only for those who hear it. */
const says = (it) => it.textContent.trim().replace(/\s+/g, " ");

function places() {
  const links = [...document.querySelectorAll(".rail a")];
  return links.map((it) => ({ name: says(it), kind: "place", go: () => it.click() }));
}

/** What the page offers, with what it is about. */
function acts() {
  const shown = [...document.querySelectorAll(ACTS)].filter((it) => isShown(it) && says(it) && !it.disabled);
  return shown.map((it) => {
    const about = it.closest("article, section, tr, li")?.querySelector("h1, h2, h3, th, .who, bdi");
    const name = about && !it.contains(about) && !about.contains(it) ? `${says(it)}: ${says(about)}` : says(it);
    return { name, kind: "on this page", go: () => activate(it) };
  });
}

async function asked(address) {
  try {
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];
  }
}

/** What is kept in the study. */
async function kept() {
  const [transcripts, codes] = await Promise.all([asked("/read.json"), asked("/codebook.json")]);
  const to = (address) => () => location.assign(address);
  const path = (id) => id.split("/").map(encodeURIComponent).join("/");
  return [
    ...transcripts.map((it) => ({ name: it.id, kind: "transcript", go: to(`/read/${path(it.id)}`) })),
    ...codes.map((it) => ({ name: it.path, kind: it.kind, go: to(`/codebook/${it.id}`) })),
  ];
}

/** Those that hold all the words, those first that begin with them. */
function fitting(all, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  // What only speaks of a thing, such as "Undo: added Tea", comes after the thing itself.
  const rank = ({ name, kind }) => {
    const low = name.toLowerCase();
    if (!words.every((word) => low.includes(word))) return 3;
    return low.startsWith(words.join(" ")) ? 0 : kind !== "on this page" && words.every((word) => ` ${low}`.includes(` ${word}`)) ? 1 : 2;
  };
  const ranked = all.map((it, at) => [rank(it), at, it]).filter(([n]) => n < 3);
  return ranked.sort(([a, i], [b, j]) => a - b || i - j).map(([, , it]) => it);
}

function open() {
  if (document.querySelector("dialog[open]")) return;
  const dialog = document.createElement("dialog");
  dialog.className = "commands";
  dialog.setAttribute("aria-label", "Commands");
  const page = new DOMParser().parseFromString(
    `<label for="command">Go to, or do</label>
     <input id="command" role="combobox" aria-expanded="true" aria-controls="command-list" aria-autocomplete="list" autocomplete="off" placeholder="a place, an act, a transcript or a code" autofocus>
     <ul id="command-list" role="listbox" aria-label="Commands"></ul>
     <p class="hint" role="status"></p>
     <form method="dialog"><button>Close</button></form>`,
    "text/html",
  );
  dialog.append(...page.body.childNodes);
  const [field, list, told] = ["input", "ul", "p"].map((name) => dialog.querySelector(name));
  let all = [...places(), ...acts()];
  let [shown, at] = [[], 0];
  const choose = (next) => {
    at = Math.min(Math.max(next, 0), shown.length - 1);
    [...list.children].forEach((it, n) => it.setAttribute("aria-selected", String(n === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
  };
  const run = (command) => {
    dialog.close();
    command?.go();
  };
  const narrow = () => {
    const typed = field.value.trim();
    const found = fitting(all, typed);
    shown = found.slice(0, SHOWN);
    if (typed) {
      const go = () => location.assign(`/quotes?q=${encodeURIComponent(typed)}`);
      shown.push({ name: `Find quotes: ${typed}`, kind: "search", go });
    }
    list.replaceChildren(
      ...shown.map((command, n) => {
        const [line, name, kind] = ["li", "bdi", "span"].map((it) => document.createElement(it));
        line.id = `command-${n}`;
        line.setAttribute("role", "option");
        name.textContent = command.name;
        kind.textContent = command.kind;
        kind.className = "hint";
        line.append(name, " ", kind);
        line.addEventListener("click", () => run(command));
        return line;
      }),
    );
    told.textContent = found.length > SHOWN ? `${SHOWN} of ${found.length}: type more of the name` : "";
    choose(0);
  };
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
    if (by) choose(at + by);
    else if (event.key === "Enter") run(shown[at]);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  narrow();
  dialog.showModal();
  kept().then((more) => {
    all = [...all, ...more];
    narrow();
  });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
});

/** The button that does the same, for whoever does not know of the key. */
const button = document.createElement("button");
button.type = "button";
button.className = "quiet";
button.textContent = "Commands";
button.title = "Ctrl+K";
button.addEventListener("click", open);
document.getElementById("status")?.append(button);
