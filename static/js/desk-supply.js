// The next posts, fetched before they are needed, and given back where they are not.

import { releaser } from "./desk-send.js";

// As many as a fast person codes in some minutes without a line.
const AHEAD = 40;
const AT_ONCE = 3;
const PAUSE = 3_000;
// The server's lease of 15 minutes has begun so long ago that it is renewed.
const RENEW_AFTER = 5 * 60_000;

export class Supply extends EventTarget {
  progress = null;
  // What ``moment()`` was when that progress was asked for.
  progressOf = null;
  // Of the codebook that is published now.
  version = null;
  #url;
  #moment;
  #release;
  #ahead = [];
  #seen = new Set();
  #last = null;
  #isFetching = false;
  // Asked for more while that was on its way: what was answered meanwhile may make a difference.
  #isWanted = false;
  #retry;
  // The moment at which the server had nothing beyond what this tab has seen, or no more of it for
  // this tab: near the end everybody gets their share.
  #emptyAt = null;
  #askedAt = performance.now();
  #releasing = Promise.resolve();

  constructor(config, moment) {
    super();
    this.#url = config.urls.next;
    this.#moment = moment;
    this.#release = releaser(config);
    this.#take(config.sheets);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : this.fill()));
    addEventListener("pagehide", () => this.#giveBack());
  }

  // Whether there was nothing more when all that was answered had arrived.
  get isExhausted() {
    return this.#emptyAt !== null && this.#emptyAt === this.#moment();
  }

  next() {
    const sheet = this.#ahead.shift() ?? null;
    if (performance.now() - this.#askedAt > RENEW_AFTER) this.#fetch(0).catch(() => {});
    this.fill();
    return sheet;
  }

  putBack(sheet) {
    this.#ahead.unshift(sheet);
  }

  async fill() {
    const enough = this.#emptyAt === null ? AHEAD - AT_ONCE : AT_ONCE - 1;
    if (this.isExhausted || this.#ahead.length > enough) return;
    this.#isWanted = this.#isFetching;
    if (this.#isFetching) return;
    this.#isFetching = true;
    let isFilling = false;
    try {
      const moment = this.#moment();
      await this.#releasing;
      const answer = await this.#fetch(AT_ONCE);
      this.progress = answer.progress;
      this.progressOf = moment;
      this.version = answer.version;
      const hasMore = this.#take(answer.sheets) > 0 || (await this.#fromTheStart());
      this.#emptyAt = hasMore ? null : moment;
      isFilling = hasMore || this.#isWanted;
    } catch {
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
    const answer = await this.#fetch(AT_ONCE);
    return this.#take(answer.sheets) > 0;
  }

  async #fetch(count) {
    const after = this.#last === null ? "" : `&after=${this.#last}`;
    const response = await fetch(`${this.#url}?count=${count}${after}`, {
      headers: { Accept: "application/json" },
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    this.#askedAt = performance.now();
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

  // Looking something up in another tab costs nobody their posts, unless others lack them.
  #leave() {
    if (this.#emptyAt !== null) this.#giveBack();
  }

  // What others may take and nobody has opened; without a line it stays, for its lease ends by itself.
  #giveBack() {
    const back = this.#ahead.filter((sheet) => sheet.is_pooled && !sheet.answers);
    if (!back.length || !navigator.onLine) return;
    this.#ahead = this.#ahead.filter((sheet) => !back.includes(sheet));
    for (const sheet of back) this.#seen.delete(sheet.post);
    this.#emptyAt = null;
    this.#releasing = this.#release(back.map((sheet) => sheet.assignment)).then((isDone) => {
      if (!isDone) this.#take(back);
    });
  }
}
