// What every page does beside its links and forms: forms are sent without leaving the
// page, so that nothing typed is lost, and what somebody else decides is told.
// Without this file all of it works by plain links and forms.

import "./keys.js";
import "./quotes.js";
import "./board.js";
import "./commands.js";
import { forget, tellAll } from "./drafts.js";

const body = document.body;
document.documentElement.classList.add("with-scripts");

/** The size of all that people said, kept in this browser. */
function size(by) {
  const now = Number(localStorage.getItem("words") ?? 1);
  const next = Math.min(Math.max(now + by / 10, 0.8), 2);
  localStorage.setItem("words", next.toFixed(1));
  document.documentElement.style.setProperty("--words", next.toFixed(1));
}
size(0);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-words]");
  if (button) size(Number(button.dataset.words));
});

/** The colours that this browser is to show, whatever the system shows: kept in it. */
function colour(name) {
  if (name) localStorage.setItem("colours", name);
  const kept = localStorage.getItem("colours");
  if (kept) document.documentElement.dataset.colours = kept;
  const isDark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const button = document.getElementById("colours");
  if (button) button.textContent = isDark ? "Light" : "Dark";
  return isDark;
}
colour();
document.addEventListener("click", ({ target }) => {
  if (target.id === "colours") colour(colour() ? "light" : "dark");
});
const says = document.getElementById("says");

// What has the focus is not to lie under the foot, however many lines that takes.
const foot = document.getElementById("status");
if (foot) new ResizeObserver(() => document.documentElement.style.setProperty("--foot", `${foot.offsetHeight}px`)).observe(foot);

/** Shows what is wrong beside the form that it is about. */
function complain(form, problem) {
  let place = form.querySelector(".problem");
  if (!place) {
    place = document.createElement("p");
    place.className = "problem";
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = problem;
  place.hidden = false;
}

/** Takes what differs. What says that it stays is left in its place as far as it is the
    same, so that it is neither laid out nor painted anew. */
function renew(now, next) {
  // What had the focus once is no other thing for it.
  if (!next.hasAttribute("tabindex") && now !== document.activeElement) now.removeAttribute("tabindex");
  if (now.isEqualNode(next)) return;
  const kept = new Map([...now.children].filter((it) => "stays" in it.dataset).map((it) => [it.id, it]));
  if (![...next.children].some((it) => kept.has(it.id))) {
    now.replaceWith(next);
    return;
  }
  for (const { name, value } of next.attributes) if (name !== "style") now.setAttribute(name, value);
  if (now.style.cssText !== next.style.cssText) now.style.cssText = next.style.cssText;
  let at = now.firstChild;
  for (const child of [...next.childNodes]) {
    const same = kept.get(child.id);
    while (same && at && at !== same) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    if (same && at) {
      at = at.nextSibling;
      renew(same, child);
    } else if (child.nodeType === Node.TEXT_NODE && at?.isEqualNode(child)) {
      at = at.nextSibling;
    } else {
      now.insertBefore(child, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** The address of what is shown, without the place in it. */
let shown = location.pathname + location.search;

/** Takes the new page into this one: scroll position and open parts stay, unless it goes
    to another place of what is open. */
export async function take(address, goes = false) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, next] = [document.getElementById("main"), page.getElementById("main")];
  const [status, nextStatus] = [document.getElementById("status"), page.getElementById("status")];
  if (!next || !nextStatus) {
    location.assign(address);
    return;
  }
  // Whoever cares for what is loaded or where it stands may add to the new page first.
  const detail = { main: next, waits: [], goes };
  document.dispatchEvent(new CustomEvent("leitmotif:taking", { detail }));
  await Promise.all(detail.waits);
  const [y, focused] = [scrollY, now.contains(document.activeElement) ? document.activeElement : null];
  const place = focused?.closest("[id]:not(main, input, select, textarea, form)")?.id;
  for (const name of ["rev", "key"]) {
    const value = next.querySelector(`input[name="${name}"]`)?.getAttribute("value");
    if (value) for (const field of now.querySelectorAll(`[data-stays] input[name="${name}"]`)) field.setAttribute("value", value);
  }
  renew(now, next);
  scrollTo(0, y);
  const again = place && document.getElementById(place);
  if (focused?.isConnected) {
    // It stays where it is.
  } else if (again) {
    if (!again.matches("a, button, summary, [tabindex]")) again.tabIndex = -1;
    again.focus({ preventScroll: true });
  } else if (focused) {
    document.getElementById("main").focus({ preventScroll: true });
  }
  status.querySelector("#says").textContent = nextStatus.querySelector("#says").textContent;
  status.querySelector("#turns").replaceWith(nextStatus.querySelector("#turns"));
  body.dataset.rev = page.body.dataset.rev;
  history.replaceState(null, "", address);
  shown = location.pathname + location.search;
  document.dispatchEvent(new Event("leitmotif:taken"));
}

// Back and forward, where a page was taken into this one.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) take(location.href, true);
});

/** What pages of the study know: never in the page itself, which may be saved. */
const known = fetch("/known").then((answer) => answer.text()).catch(() => "");

/** Comes in again once the workbench was started anew: this page knows what only pages of
 *  the study know, and proves it without telling it to whoever answers. */
export async function comeBack() {
  const question = await (await fetch("/again")).text();
  const secret = await known;
  const words = new TextEncoder().encode(`${secret} ${location.port} ${question} ${secret}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", words));
  const answer = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const entered = await fetch("/again", { method: "POST", body: new URLSearchParams({ question, answer }) });
  if (!entered.ok) return false;
  const { key } = await entered.json();
  for (const field of document.querySelectorAll("input[name='key']")) field.value = key;
  return true;
}

async function send(form, fields) {
  const back = fields.get("back") || location.pathname + location.search;
  let answer;
  const ask = () => fetch(form.action, { method: "POST", body: fields, headers: { accept: "application/json" } });
  try {
    answer = await ask();
    if (answer.status === 403 && await comeBack()) {
      fields.set("key", form.elements.namedItem("key").value);
      answer = await ask();
    }
  } catch {
    complain(form, "Leitmotif does not answer: it may have been closed. Start it again; what you typed stays here.");
    return;
  }
  const told = await answer.json().catch(() => null);
  if (told?.versions) {
    showVersions(form, told.versions);
    return;
  }
  if (!answer.ok) {
    complain(form, told ? [told.says, told.hint && `What helps: ${told.hint}`].filter(Boolean).join(". ") + "." : "This was not done.");
    return;
  }
  forget(form);
  await take(back);
}

/** Shows both versions of what somebody else changed meanwhile, as the workbench wrote them. */
function showVersions(form, written) {
  form.querySelector(".versions")?.remove();
  const page = new DOMParser().parseFromString(written, "text/html");
  form.append(...page.body.childNodes);
  form.querySelector("[data-mine]").focus();
}
document.addEventListener("click", ({ target }) => {
  const [mine, theirs] = [target.closest?.("[data-mine]"), target.closest?.("[data-theirs]")];
  const form = (mine ?? theirs)?.closest("form");
  if (mine) {
    form.elements.namedItem("rev").value = mine.dataset.mine;
    mine.closest(".versions").remove();
    form.requestSubmit();
  } else if (theirs) {
    form.reset();
    forget(form);
    take(location.pathname + location.search);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isAct = form.method === "post" && new URL(form.action).pathname.startsWith("/do/");
  if (!isAct || /\/do\/(quit|read-again|stop|suggest|sign|open.*)$/.test(form.action)) return;
  event.preventDefault();
  // Once is enough, and the button keeps the focus.
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  send(form, new URLSearchParams(new FormData(form, event.submitter))).finally(() => delete form.dataset.sent);
});

/** Whether something was typed or ticked that is not sent yet, wherever the focus is. */
function isTyped() {
  const fields = document.querySelectorAll("main form[method='post'] :is(input:not([type='hidden']), textarea)");
  return [...fields].some((it) => !it.closest("[hidden]") && (it.value !== it.defaultValue || it.checked !== it.defaultChecked));
}

/** Whether a person is in the middle of something that must not be replaced. */
function isBusy() {
  const active = document.activeElement;
  const isTyping = active && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
  return isTyping || isTyped() || !getSelection().isCollapsed;
}

let hadJob = false;
let isGone = false;
async function pulse() {
  if (document.visibilityState !== "visible" || !says) return;
  try {
    const answer = await fetch("/pulse");
    if (answer.status === 403) await comeBack();
    if (!answer.ok) return;
    if (isGone) {
      says.textContent = "Leitmotif answers again.";
      tellAll();
    }
    isGone = false;
    const { rev, last, job } = await answer.json();
    const place = document.getElementById("job");
    place.hidden = !job;
    place.firstElementChild.textContent = job ? `${job.says}${job.of ? `: ${job.done} of ${job.of}` : ""}…` : "";
    // Read aloud once for each kind of work, not for every step of it.
    const aloud = job ? `${job.says}…` : hadJob ? "Done." : "";
    const progress = document.getElementById("progress");
    if (aloud && progress.textContent !== aloud) progress.textContent = aloud;
    const news = document.getElementById("news");
    if (String(rev) !== body.dataset.rev) {
      if (isBusy()) {
        news.firstElementChild.textContent = `Decided meanwhile: ${last ?? ""}`;
        news.hidden = false;
      } else {
        await take(location.pathname + location.search);
      }
    } else if (hadJob && !job && !isBusy()) {
      await take(location.pathname + location.search);
    }
    hadJob = Boolean(job);
  } catch {
    isGone = true;
    says.textContent = "Leitmotif does not answer: it may have been closed. Decisions that were told are kept.";
  }
}
setInterval(pulse, 2000);
// The workbench ends when no window is heard of; one that is only hidden stays.
setInterval(() => {
  if (document.visibilityState !== "visible") fetch("/pulse").catch(() => {});
}, 60_000);

// A browser brings the caret into sight, not the field that it is in.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) event.target.scrollIntoView({ block: "nearest" });
});
