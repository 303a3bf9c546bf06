// The post being coded survives a reload: its answers so far, deleted when they are saved. A quote
// that stands in the post is kept as its place there, for the text of a post is never kept.

import { draftStore } from "./desk-store.js";

const LONGEST = 7 * 24 * 3600 * 1000;

export class Drafts {
  #store;
  #whose;
  #text;

  // ``text`` gives that of the post on the desk.
  constructor(config, text) {
    this.#store = draftStore(config);
    this.#whose = `${config.project}/${config.coder}/`;
    this.#text = text;
    this.#forgetOld();
  }

  keep(sheet, { answers, note, seconds }) {
    return this.#store.put({
      id: this.#whose + sheet.post,
      base_number: sheet.base_number,
      answers: { ...answers, flags: this.#withQuotes(answers.flags, (quote) => this.#place(quote)) },
      note,
      seconds,
      kept_at: Date.now(),
    });
  }

  // What was kept of a post, while it is still based on what is saved; else undefined.
  async of(sheet) {
    const draft = await this.#store.get(this.#whose + sheet.post);
    if (!draft || draft.base_number !== sheet.base_number) return undefined;
    const flags = this.#withQuotes(draft.answers.flags, (place) => this.#words(place));
    return { ...draft, answers: { ...draft.answers, flags } };
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

  #withQuotes(flags, change) {
    return Object.fromEntries(
      Object.entries(flags).map(([kind, flag]) => [kind, { ...flag, quote: change(flag.quote) }]),
    );
  }

  #place(quote) {
    const start = quote ? this.#text().indexOf(quote) : -1;
    return start < 0 ? quote : [start, start + quote.length];
  }

  #words(place) {
    return Array.isArray(place) ? this.#text().slice(...place) : place;
  }
}
