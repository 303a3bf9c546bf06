// Puts the name of a number where the cursor last was in one of the texts.

const editor = document.querySelector("[data-finding-editor]");
let last = editor.querySelector("textarea");

editor.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) last = event.target;
});

editor.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-insert]");
  if (!chip) return;
  last.setRangeText(`{${chip.dataset.insert}}`, last.selectionStart, last.selectionEnd, "end");
  last.focus();
});

// Enter in a field of the picker looks at the number, and saves nothing.
editor.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("#picker input")) return;
  event.preventDefault();
  editor.querySelector("#picker [value=try]").click();
});
