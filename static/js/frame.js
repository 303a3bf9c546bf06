// What the frame of every page needs: bound to data- attributes, nothing runs inline.

import { draftStore, unsentStore } from "./desk-store.js";

for (const control of document.querySelectorAll("[data-submit-on-change]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}
for (const element of document.querySelectorAll("[data-hidden-with-script]")) {
  element.hidden = true;
}

// On a page without the desk: half-answered posts are forgotten, and answers that were not sent are
// sent first, by the page that lists one's own. The desk sees to both itself.
for (const form of document.querySelectorAll("[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    if (document.querySelector("[data-desk]")) return;
    event.preventDefault();
    const unsent = await unsentStore().all();
    const own = unsent.find((entry) => String(entry.coder) === form.dataset.signOut);
    const sendingPage = own && `/p/${own.project}/code/coded/`;
    // Who may not code there any more finds no such page; then the answers stay.
    if (own && location.pathname !== sendingPage) {
      location.assign(sendingPage);
      return;
    }
    await draftStore().clear();
    form.submit();
  });
}
