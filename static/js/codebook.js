// The codebook editor by keyboard and by dragging. Every change is a form that works without it.

const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };

const section = () => document.querySelector("[data-codebook]");
const names = () => [...section().querySelectorAll("[data-open]")];
const rowOf = (element) => element.closest("[data-entry]");
const isWriting = (element) => element.matches("input, select, textarea");

function step(from, by) {
  const all = names();
  const next = all[all.indexOf(from) + by];
  if (next) next.focus();
}

function move(row, direction) {
  row.querySelector(`button[name="direction"][value="${direction}"]:not([disabled])`)?.click();
}

function onName(event, name) {
  if (event.altKey && event.key in MOVES) move(rowOf(name), MOVES[event.key]);
  else if (event.key === "ArrowUp") step(name, -1);
  else if (event.key === "ArrowDown") step(name, 1);
  else return;
  event.preventDefault();
}

function onKey(event) {
  if (!section()) return;
  const editor = event.target.closest("[data-editor]");
  if (editor && event.key === "Escape") {
    event.preventDefault();
    rowOf(editor).querySelector("[data-open]").click();
  } else if (editor && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    editor.querySelector("[data-entry-form]").requestSubmit();
  } else if (event.target.matches("[data-open]")) {
    onName(event, event.target);
  }
  if (event.defaultPrevented || isWriting(event.target) || event.ctrlKey || event.altKey) return;
  const field = { "/": "[data-search]", n: "[data-new]" }[event.key];
  if (field && section().querySelector(field)) {
    event.preventDefault();
    section().querySelector(field).focus();
  }
}

// After a change the keyboard is where it was: in the open entry, or on the one that moved.
function focusAgain() {
  const { focus } = section().dataset;
  const target = section().querySelector("[data-entry-form] [name='name']")
    ?? (focus && document.getElementById(`entry-${focus}`)?.querySelector("[data-open]"));
  target?.focus({ preventScroll: true });
  target?.select?.();
  target?.scrollIntoView({ block: "nearest" });
}

let dragged = null;

function unmark() {
  for (const row of section().querySelectorAll(".is-target, .is-dragged")) {
    row.classList.remove("is-target", "is-dragged");
  }
}

function drop(before) {
  const form = section().querySelector("[data-place]");
  form.elements.before.value = before.dataset.entry;
  window.htmx.ajax("POST", dragged.dataset.placeUrl, {
    source: form,
    target: "#section",
    swap: "outerHTML",
    values: Object.fromEntries(new FormData(form)),
  });
}

document.addEventListener("keydown", onKey);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "section" || event.detail.elt.id === "section") focusAgain();
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-entry][draggable]") ?? null;
  dragged?.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const row = dragged && event.target.closest?.("[data-entry]");
  if (!row) return;
  event.preventDefault();
  for (const each of section().querySelectorAll(".is-target")) each.classList.remove("is-target");
  row.classList.add("is-target");
});
document.addEventListener("drop", (event) => {
  const row = dragged && event.target.closest?.("[data-entry]");
  if (!row) return;
  event.preventDefault();
  if (row !== dragged) drop(row);
});
document.addEventListener("dragend", () => {
  dragged = null;
  unmark();
});
