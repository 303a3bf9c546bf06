// What the frame of every page needs: bound to data- attributes, nothing runs inline.

for (const control of document.querySelectorAll("[data-submit-on-change]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}
for (const element of document.querySelectorAll("[data-hidden-with-script]")) {
  element.hidden = true;
}
