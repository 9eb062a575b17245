// What is typed and not sent outlives the page: it is told to the workbench, which keeps it
// with the study, and stands in its form again wherever that is opened next.

import { comeBack } from "./page.js";

/** How long nobody types before it is told. */
const PAUSE = 400;
const drafts = new Map();
const waiting = new Map();
const unsent = new Set();

/** The fields of a form that people type in. */
const typed = (form) => [...form.elements].filter((it) => it.matches("textarea, input:not([type]), input[type=text]"));

/** What tells a form from others: what it does, and with what. */
function nameOf(form) {
  const fixed = [...form.elements].filter((it) => it.type === "hidden" && !["key", "rev", "back"].includes(it.name));
  const name = [new URL(form.action).pathname, ...fixed.map((it) => `${it.name}=${it.value}`)].join("|");
  if (name.length < 300) return name;
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.codePointAt(0)) | 0;
  return `${name.slice(0, 200)}|${name.length}|${hash}`;
}

const isKept = (form) => form?.method === "post" && form.closest("main") && !form.matches(".coding, .ticked");

async function tell(name) {
  clearTimeout(waiting.get(name));
  waiting.delete(name);
  const draft = drafts.get(name);
  const ask = () => {
    const key = document.querySelector("input[name=key]")?.value ?? "";
    const body = new URLSearchParams({ key, form: name, fields: JSON.stringify(draft?.fields ?? {}) });
    return fetch("/do/draft", { method: "POST", body, headers: { accept: "application/json" }, keepalive: true });
  };
  try {
    let answer = await ask();
    if (answer.status === 403 && await comeBack()) answer = await ask();
    if (answer.ok) unsent.delete(name);
  } catch {
    // Told once the workbench answers again.
    unsent.add(name);
  }
}

/** Once a form was sent, or given up, nothing of it is a draft. */
export function forget(form) {
  const name = nameOf(form);
  form.querySelector(".draft")?.remove();
  if (drafts.delete(name)) tell(name);
}

/** Tells what could not be told while the workbench was gone. */
export function tellAll() {
  for (const name of [...waiting.keys(), ...unsent]) tell(name);
}

document.addEventListener("input", ({ target }) => {
  const { form } = target;
  if (!isKept(form) || !typed(form).includes(target)) return;
  const name = nameOf(form);
  const changed = typed(form).map((it, at) => [at, it]).filter(([, it]) => it.value !== it.defaultValue);
  // With what it was typed over: somebody may change that before it is sent.
  const fields = Object.fromEntries(changed.flatMap(([at, it]) => [[at, it.value], [`${at} over`, it.defaultValue]]));
  if (Object.keys(fields).length) drafts.set(name, { fields });
  else drafts.delete(name);
  clearTimeout(waiting.get(name));
  waiting.set(name, setTimeout(() => tell(name), PAUSE));
});
addEventListener("pagehide", tellAll);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tellAll());

function button(says, what) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = what;
  made.textContent = says;
  return made;
}

/** Puts what was typed back into the forms of the page that were not touched since. What it
    was typed over may be another text now: then it only stands beside it. */
function restore() {
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const draft = isKept(form) && drafts.get(nameOf(form));
    if (!draft || form.querySelector(".draft")) continue;
    const fields = typed(form);
    const back = Object.entries(draft.fields).filter(([at]) => fields[at] && fields[at].value === fields[at].defaultValue);
    if (!back.length) continue;
    const isSame = back.every(([at]) => draft.fields[`${at} over`] === fields[at].defaultValue);
    if (isSame) for (const [at, text] of back) fields[at].value = text;
    const part = form.closest("details");
    if (part) part.open = true;
    const note = document.createElement("p");
    note.className = "hint draft";
    if (isSame) note.append("Typed before and not sent. ");
    else note.append(`This was changed since you typed, and not sent: “${back.map(([, text]) => text).join("”, “")}”. `, button("Put it in", "put"), " ");
    note.append(button("Throw it away", "quiet"));
    form.append(note);
  }
}
document.addEventListener("click", ({ target }) => {
  const form = target.closest?.(".draft button")?.closest("form");
  if (!form) return;
  if (target.matches(".put")) {
    const [fields, draft] = [typed(form), drafts.get(nameOf(form))];
    for (const [at, text] of Object.entries(draft?.fields ?? {})) if (fields[at]) fields[at].value = text;
    target.closest(".draft").remove();
    return;
  }
  for (const field of typed(form)) field.value = field.defaultValue;
  forget(form);
});
document.addEventListener("leitmotif:taken", restore);

fetch("/drafts").then((answer) => answer.json()).then((all) => {
  for (const { form, fields } of all) if (!drafts.has(form)) drafts.set(form, { fields });
  restore();
}).catch(() => {});
