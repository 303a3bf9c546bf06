// What a monitor says beside the answers: a comment, and whom they ask for help.

export class Note {
  #form;
  #panel;

  constructor(form, panel) {
    this.#form = form;
    this.#panel = panel;
    form.addEventListener("change", () => this.#show());
  }

  get value() {
    const asks = this.#form.querySelector("[name=asks]:checked")?.value ?? "";
    return { comment: this.#form.elements.comment.value.trim(), asks };
  }

  set value({ comment = "", asks = "" }) {
    this.#form.elements.comment.value = comment;
    for (const choice of this.#form.querySelectorAll("[name=asks]")) {
      choice.checked = choice.value === asks;
    }
    this.#show();
  }

  // Open it to be filled in; closed again, it stays in sight while it says something.
  set isOpen(isOpen) {
    this.#show(isOpen);
    if (isOpen) this.#panel.scrollIntoView({ block: "nearest" });
  }

  // A second press takes it back. A lead has to be told what to look at.
  choose(digit) {
    const choice = this.#panel.querySelector(`[data-ask-key="${digit}"]`);
    if (!choice) return;
    const isTakenBack = choice.checked;
    const none = this.#panel.querySelector("[name=asks][value='']");
    (isTakenBack ? none : choice).checked = true;
    this.#show(true);
    if (!isTakenBack && choice.value === "lead" && !this.value.comment) this.write();
  }

  write() {
    this.#show(true);
    this.#form.elements.comment.focus();
  }

  get lacksComment() {
    const { comment, asks } = this.value;
    return asks === "lead" && !comment;
  }

  #show(isOpen = false) {
    const { comment, asks } = this.value;
    const saysSomething = Boolean(comment || asks);
    this.#panel.toggleAttribute("data-open", isOpen || saysSomething);
  }
}
