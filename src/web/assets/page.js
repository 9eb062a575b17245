// What every page does beside its links and forms: forms are sent without leaving the
// page, so that nothing typed is lost, and what somebody else decides is told.
// Without this file all of it works by plain links and forms.

const body = document.body;
const says = document.getElementById("says");

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

/** Takes the new page into this one: scroll position and open parts stay. */
async function take(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, next] = [document.getElementById("main"), page.getElementById("main")];
  const [status, nextStatus] = [document.getElementById("status"), page.getElementById("status")];
  if (!next || !nextStatus) {
    location.assign(address);
    return;
  }
  now.replaceWith(next);
  status.querySelector("#says").textContent = nextStatus.querySelector("#says").textContent;
  const undo = (place) => place.querySelector("form");
  undo(status)?.remove();
  const newUndo = undo(nextStatus);
  if (newUndo) status.querySelector("#job").after(newUndo);
  body.dataset.rev = page.body.dataset.rev;
  history.replaceState(null, "", address);
  document.dispatchEvent(new Event("leitmotif:taken"));
}

async function send(form) {
  const fields = new URLSearchParams(new FormData(form));
  const back = fields.get("back") || location.pathname + location.search;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: fields, headers: { accept: "application/json" } });
  } catch {
    complain(form, "Leitmotif does not answer: it may have been closed. Start it again; what you typed stays here.");
    return;
  }
  const told = await answer.json().catch(() => null);
  if (!answer.ok) {
    complain(form, told ? [told.says, told.hint && `What helps: ${told.hint}`].filter(Boolean).join(". ") + "." : "This was not done.");
    return;
  }
  await take(back);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isAct = form.method === "post" && new URL(form.action).pathname.startsWith("/do/");
  if (!isAct || /\/do\/(quit|read-again)$/.test(form.action)) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  send(form).finally(() => {
    if (button) button.disabled = false;
  });
});

/** Whether a person is in the middle of something that must not be replaced. */
function isBusy() {
  const active = document.activeElement;
  const isTyping = active && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
  return isTyping || !getSelection().isCollapsed;
}

let hadJob = false;
async function pulse() {
  if (document.visibilityState !== "visible" || !says) return;
  try {
    const answer = await fetch("/pulse");
    if (!answer.ok) return;
    const { rev, last, job } = await answer.json();
    const place = document.getElementById("job");
    place.hidden = !job;
    place.textContent = job ? `${job.says}${job.of ? `: ${job.done} of ${job.of}` : ""}…` : "";
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
    says.textContent = "Leitmotif does not answer: it may have been closed. Decisions that were told are kept.";
  }
}
setInterval(pulse, 2000);
// The workbench ends when no window is heard of; one that is only hidden stays.
setInterval(() => {
  if (document.visibilityState !== "visible") fetch("/pulse").catch(() => {});
}, 60_000);

document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("find").focus();
  }
});
