// The next posts, fetched before they are needed.

// As many as a fast person codes in some minutes without a line.
const AHEAD = 40;
const AT_ONCE = 3;
const PAUSE = 3_000;

export class Supply extends EventTarget {
  progress = null;
  // What ``moment()`` was when that progress was asked for.
  progressOf = null;
  // Of the codebook that is published now.
  version = null;
  // The server has nothing beyond what this tab has seen.
  isExhausted = false;
  #url;
  #moment;
  #ahead = [];
  #seen = new Set();
  #last = null;
  #isFetching = false;
  #retry;

  constructor(url, sheets, moment) {
    super();
    this.#url = url;
    this.#moment = moment;
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
    if (this.#isFetching || this.isExhausted || this.#ahead.length > AHEAD - AT_ONCE) return;
    this.#isFetching = true;
    let isFilling = true;
    try {
      const moment = this.#moment();
      const answer = await this.#fetch();
      this.progress = answer.progress;
      this.progressOf = moment;
      this.version = answer.version;
      if (!this.#take(answer.sheets)) await this.#fromTheStart(answer.sheets.length);
    } catch {
      isFilling = false;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.fill(), PAUSE);
    }
    this.#isFetching = false;
    this.dispatchEvent(new Event("change"));
    if (isFilling) this.fill();
  }

  // Posts that came back to the queue stand before the last one seen.
  async #fromTheStart() {
    this.#last = null;
    const answer = await this.#fetch();
    if (!this.#take(answer.sheets)) this.isExhausted = true;
  }

  async #fetch() {
    const after = this.#last === null ? "" : `&after=${this.#last}`;
    const response = await fetch(`${this.#url}?count=${AT_ONCE}${after}`, {
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
