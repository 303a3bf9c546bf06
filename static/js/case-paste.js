// A picture pasted anywhere on the page of a case is sent as its next screenshot.

const form = document.querySelector("[data-paste]");
const hint = form.querySelector("[data-paste-hint]");
const input = form.querySelector("input[type=file]");

hint.hidden = false;
document.addEventListener("paste", (event) => {
  const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  if (pictures.length === 0) {
    return;
  }
  event.preventDefault();
  const chosen = new DataTransfer();
  chosen.items.add(pictures[0]);
  input.files = chosen.files;
  form.requestSubmit();
});
