// The post being coded survives a reload: its answers so far, deleted when they are saved.

import { marked, unmarked, withQuotes } from "./desk-quotes.js";
import { draftStore } from "./desk-store.js";

const LONGEST = 7 * 24 * 3600 * 1000;

export class Drafts {
  #store;
  #whose;

  constructor(config) {
    this.#store = draftStore(config);
    this.#whose = `${config.project}/${config.coder}/`;
    this.#forgetOld();
  }

  keep(sheet, { answers, note, seconds }) {
    return this.#store.put({
      id: this.#whose + sheet.post,
      base_number: sheet.base_number,
      answers: withQuotes(answers, (quote) => marked(quote, sheet.quotable)),
      note,
      seconds,
      kept_at: Date.now(),
    });
  }

  // What was kept of a post, while it is still based on what is saved; else undefined.
  async of(sheet) {
    const draft = await this.#store.get(this.#whose + sheet.post);
    if (!draft || draft.base_number !== sheet.base_number) return undefined;
    return { ...draft, answers: withQuotes(draft.answers, (quote) => this.#words(quote, sheet)) };
  }

  forget(post) {
    return this.#store.remove(this.#whose + post);
  }

  forgetAll() {
    return this.#store.clear();
  }

  async #forgetOld() {
    for (const draft of await this.#store.all()) {
      if (Date.now() - draft.kept_at > LONGEST) this.#store.remove(draft.id);
    }
  }

  // A draft of the version before holds the place in all that the desk shows of the post.
  #words(quote, sheet) {
    if (!Array.isArray(quote)) return unmarked(quote, sheet.quotable);
    return document.querySelector("[data-post]").textContent.slice(...quote);
  }
}
