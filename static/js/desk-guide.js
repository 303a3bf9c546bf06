// What the codebook says about the question one is at, beside it.

export class Guide {
  #panel;

  constructor(panel, onClose) {
    this.#panel = panel;
    panel.querySelector("[data-guide-close]").addEventListener("click", () => {
      this.close();
      onClose();
    });
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  toggle(question, entry) {
    if (this.isOpen) this.close();
    else this.#open(question, entry);
  }

  // Follow the person to another question while open.
  follow(question, entry) {
    if (this.isOpen) this.#open(question, entry);
  }

  close() {
    this.#panel.hidden = true;
  }

  #open(question, entry) {
    this.#panel.hidden = false;
    for (const part of this.#panel.querySelectorAll("[data-guide-of]")) {
      part.hidden = part.dataset.guideOf !== question;
    }
    for (const each of this.#panel.querySelectorAll("[data-entry]")) {
      const isAsked = each.dataset.entry === entry;
      each.classList.toggle("is-asked", isAsked);
      if (isAsked) this.#panel.scrollTop = each.offsetTop - 40;
    }
    if (!entry) this.#panel.scrollTop = 0;
  }
}
