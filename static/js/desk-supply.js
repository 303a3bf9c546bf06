// The next posts, fetched before they are needed.

const AHEAD = 5;
const PAUSE = 3_000;

export class Supply extends EventTarget {
  progress = null;
  // Of the codebook that is published now.
  version = null;
  // The server has nothing beyond what this tab has seen.
  isExhausted = false;
  #url;
  #ahead = [];
  #seen = new Set();
  #last = null;
  #isFetching = false;
  #retry;

  constructor(url, sheets) {
    super();
    this.#url = url;
    this.#take(sheets);
  }

  next() {
    const sheet = this.#ahead.shift() ?? null;
    this.fill();
    return sheet;
  }

  putBack(sheet) {
    this.#ahead.unshift(sheet);
  }

  async fill() {
    if (this.#isFetching || this.isExhausted || this.#ahead.length > AHEAD - 2) return;
    this.#isFetching = true;
    try {
      const answer = await this.#fetch();
      this.progress = answer.progress;
      this.version = answer.version;
      if (!this.#take(answer.sheets)) await this.#fromTheStart(answer.sheets.length);
    } catch {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.fill(), PAUSE);
    }
    this.#isFetching = false;
    this.dispatchEvent(new Event("change"));
  }

  // Posts that came back to the queue stand before the last one seen.
  async #fromTheStart() {
    this.#last = null;
    const answer = await this.#fetch();
    if (!this.#take(answer.sheets)) this.isExhausted = true;
  }

  async #fetch() {
    const after = this.#last === null ? "" : `&after=${this.#last}`;
    const response = await fetch(`${this.#url}?count=${AHEAD}${after}`, {
      headers: { Accept: "application/json" },
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  }

  // How many were new.
  #take(sheets) {
    const fresh = sheets.filter((sheet) => !this.#seen.has(sheet.post));
    for (const sheet of fresh) this.#seen.add(sheet.post);
    this.#ahead.push(...fresh);
    this.#last = sheets.at(-1)?.assignment ?? this.#last;
    return fresh.length;
  }
}
