// Dragging. One thing on another: a card of the board is merged into the other, a code of
// the codebook moves under it. Each is the form of a button, filled in; a merge then asks
// for the name, and nothing is decided before it is sent.

let dragged = null;
const THINGS = "[data-drag]";

function ready() {
  for (const thing of document.querySelectorAll(THINGS)) {
    thing.draggable = true;
    // Whoever takes hold of its name means the thing.
    for (const name of thing.querySelectorAll("h2 a, th a")) name.draggable = false;
  }
}

function target(event) {
  const thing = event.target.closest?.(THINGS);
  return dragged && thing && thing !== dragged ? thing : null;
}

document.addEventListener("dragstart", (event) => {
  const thing = event.target.closest?.(THINGS);
  // Links and words inside are dragged as what they are.
  if (!thing || event.target !== thing) return;
  dragged = thing;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", thing.dataset.drag);
});
document.addEventListener("dragover", (event) => {
  for (const thing of document.querySelectorAll(".onto")) thing.classList.remove("onto");
  const thing = target(event);
  if (!thing) return;
  event.preventDefault();
  thing.classList.add("onto");
});
document.addEventListener("dragend", () => {
  dragged = null;
  for (const thing of document.querySelectorAll(".onto")) thing.classList.remove("onto");
});
document.addEventListener("drop", (event) => {
  const onto = target(event);
  if (!onto) return;
  event.preventDefault();
  const form = dragged.querySelector("form[data-drop]") ?? document.querySelector("form[data-what]");
  if (!form) return;
  form.elements[form.dataset.drop].value = onto.dataset.drag;
  if (form.dataset.what) form.elements[form.dataset.what].value = dragged.dataset.drag;
  const part = form.closest("details");
  if (part) part.open = true;
  const name = form.elements.name;
  if (name) name.focus();
  else form.requestSubmit();
});

// Files are added wherever on Study they are dropped; on no page does a browser leave it for
// a file that misses its field.
function ofFiles(event) {
  return event.dataTransfer?.types.includes("Files") && !event.target.closest?.("input[type=file]");
}
document.addEventListener("dragover", (event) => {
  if (ofFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!ofFiles(event)) return;
  event.preventDefault();
  const form = document.querySelector("form[data-files]");
  if (!form) return;
  form.elements.files.files = event.dataTransfer.files;
  // Into which folder is for the person to say.
  if (form.elements.folder) form.elements.folder.focus();
  else form.requestSubmit();
});
document.addEventListener("leitmotif:taken", ready);
ready();
