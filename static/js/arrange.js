// Moves the charts of a list by dragging and by buttons; the order of the list is what is sent.

const list = document.querySelector("[data-list]");
const said = document.querySelector("[data-said]");
let dragged = null;

function placeOf(item) {
  return [...list.children].indexOf(item) + 1;
}

function move(item, step) {
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) {
    return;
  }
  if (step < 0) {
    other.before(item);
  } else {
    other.after(item);
  }
  said.textContent = `${said.dataset.template}${placeOf(item)}`;
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) {
    move(button.closest("[data-item]"), Number(button.dataset.move));
    // Moving an element in the page takes the focus from what is in it.
    button.focus();
  }
});

list.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-item]");
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
});

list.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-item]");
  if (!dragged || !over || over === dragged) {
    return;
  }
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) {
    over.before(dragged);
  } else {
    over.after(dragged);
  }
});

list.addEventListener("drop", (event) => event.preventDefault());

list.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
});
