// What can be done with quotes beside links and forms: copied with where they stand,
// ticked to be coded together; and what a query may hold is offered while it is typed.

const lists = document.getElementById("fields");

/** The words of a quote, and who says them and where, as a text cites them. */
function citation(figure) {
  const words = figure.querySelector("blockquote").textContent.trim();
  return `${words} (${figure.querySelector("figcaption bdi").textContent.trim()})`;
}

/** Gives every quote a button that copies it. */
function ready() {
  for (const caption of document.querySelectorAll("main figure.quote figcaption")) {
    if (caption.querySelector(".copy")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy quiet";
    button.dataset.key = "y";
    button.textContent = "Copy";
    caption.append(" ", button);
    if (!caption.closest(".found")) continue;
    const aside = button.cloneNode();
    aside.className = "aside quiet";
    aside.removeAttribute("data-key");
    aside.textContent = "Not this";
    aside.title = "Puts it out of sight until the browser is closed; nothing is decided";
    caption.append(" ", aside);
  }
  for (const sentence of document.querySelectorAll("main .to-copy:not(:has(.copy))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy quiet";
    button.textContent = "Copy";
    sentence.append(" ", button);
  }
  putAside();
  count();
}

/** What is not meant by a query is out of sight for as long as the browser is open. */
const asideOf = () => new Set(JSON.parse(sessionStorage.getItem("aside") ?? "[]"));
const nameOf = ({ dataset: { transcript, lines } }) => `${location.search}|${transcript}|${lines}`;
function putAside() {
  const known = asideOf();
  let n = 0;
  for (const found of document.querySelectorAll("main .found")) {
    found.hidden = known.has(nameOf(found.querySelector("figure.quote")));
    if (found.hidden) n += 1;
  }
  let note = document.getElementById("put-aside");
  if (!note && n > 0) {
    note = document.createElement("p");
    note.id = "put-aside";
    note.append(document.createElement("span"), " ", document.createElement("button"));
    note.lastElementChild.type = "button";
    note.lastElementChild.textContent = "Show them";
    document.querySelector("main .found")?.closest("section, main").before(note);
  }
  if (note) {
    note.hidden = n === 0;
    note.firstElementChild.textContent = `${n} put aside as not meant.`;
  }
}
document.addEventListener("click", ({ target }) => {
  const figure = target.closest?.(".aside")?.closest("figure");
  const known = asideOf();
  if (figure) known.add(nameOf(figure));
  else if (target.closest?.("#put-aside button")) for (const name of known) name.startsWith(`${location.search}|`) && known.delete(name);
  else return;
  sessionStorage.setItem("aside", JSON.stringify([...known]));
  putAside();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (!button) return;
  const text = button.closest(".to-copy")?.querySelector("bdi").textContent ?? citation(button.closest("figure"));
  const told = await navigator.clipboard.writeText(text).then(() => "Copied", () => "Not copied: mark it and copy it by hand");
  button.textContent = told;
  setTimeout(() => (button.textContent = "Copy"), 2500);
});

/** Says on the form how many are ticked. */
function count() {
  const form = document.getElementById("ticked");
  if (!form) return;
  const boxes = [...document.querySelectorAll("input[name=pick]")];
  const n = boxes.filter((box) => box.checked).length;
  form.querySelector("button.first").textContent = n === 0 ? "Code" : `Code ${n} ticked`;
  form.classList.toggle("some", n > 0);
}
document.addEventListener("change", (event) => {
  if (event.target.matches("input[name=pick]")) count();
});

/** Offers fields, and the values of a field, for the word that is typed. */
function complete(input, known) {
  const at = input.selectionStart;
  const before = input.value.slice(0, at);
  const word = before.match(/[^\s()]*$/)[0];
  const rest = before.slice(0, before.length - word.length);
  const [field, value] = word.includes(":") ? word.split(/:(.*)/s) : [null, word];
  const offered = field
    ? (known.find((it) => it.name === field)?.values ?? []).map((it) => `${field}:${/[\s()]/.test(it) ? `"${it}"` : it}`)
    : known.map((it) => `${it.name}:`);
  const start = word.replace(/"/g, "").toLowerCase();
  const isMeant = (it) => word && it.replace(/"/g, "").toLowerCase().startsWith(start) && it !== word;
  const options = offered.filter(isMeant).slice(0, 30).map((it) => {
    const option = document.createElement("option");
    option.value = rest + it + input.value.slice(at);
    option.label = it;
    return option;
  });
  lists.replaceChildren(...options);
}

let known = null;
document.addEventListener("input", async (event) => {
  const input = event.target;
  if (!lists || input.getAttribute("list") !== "fields" || input.value.length > 500) return;
  known ??= fetch("/quotes/fields.json").then((answer) => answer.json()).catch(() => []);
  complete(input, await known);
});

document.addEventListener("leitmotif:taken", ready);
ready();
