// Answers on their way to the server: one after the other, in the order they were given, each with
// the request id it was born with, so that sending again stores nothing twice.

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export class SaveQueue extends EventTarget {
  // idle, saving, saved, retrying, signed_out, other_person or no_access
  state = "idle";
  savedAt = "";
  // When the last one was saved whose quoted text was gone by then.
  lostQuotesAt = "";
  #store;
  #send;
  #whose;
  #waiting = [];
  // Answers by request id with their quotes in words, which the computer does not keep.
  #inWords = new Map();
  #refused = [];
  #isRunning = false;
  #pause = FIRST_PAUSE;
  #wake = null;

  constructor({ store, send, whose }) {
    super();
    this.#store = store;
    this.#send = send;
    this.#whose = whose;
  }

  // What an earlier tab left: of this person and project only.
  async load() {
    const known = new Set(this.#waiting.map((entry) => entry.request_id));
    const left = (await this.#store.all())
      .filter((entry) => entry.project === this.#whose.project && entry.coder === this.#whose.coder)
      .filter((entry) => !known.has(entry.request_id))
      .sort((one, other) => one.made_at - other.made_at);
    this.#refused.push(...left.filter((entry) => entry.trouble));
    this.#waiting.unshift(...left.filter((entry) => !entry.trouble));
    this.#tell();
    this.#run();
  }

  // ``answers`` are those of the entry in words, where this tab has them.
  add(entry, answers) {
    const whole = { ...entry, ...this.#whose, made_at: performance.timeOrigin + performance.now() };
    this.#waiting.push(whole);
    if (answers) this.#inWords.set(whole.request_id, answers);
    // Both ways at once: whatever ends the tab next, one of them may be through.
    this.#store.put(whole);
    // While it waits to try again, it is not saving.
    this.#tell(this.#wake ? this.state : "saving");
    this.#run();
  }

  get unsent() {
    return this.#waiting.length;
  }

  get isKept() {
    return this.#store.isKept;
  }

  get firstRefused() {
    return this.#refused[0] ?? null;
  }

  get isSafeToLeave() {
    return this.#waiting.length === 0 && this.#refused.length === 0;
  }

  // Try at once: the connection is back, or the person has signed in again.
  hurry() {
    this.#pause = FIRST_PAUSE;
    this.#wake?.();
    this.#run();
  }

  // Resolves to whether everything was sent within the time.
  async flush(milliseconds) {
    const end = performance.now() + milliseconds;
    this.hurry();
    while (this.#waiting.length && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return this.isSafeToLeave;
  }

  // The person decided about a refused entry: drop it, or send it with a new id and base.
  settle(entry, { resendAs = null } = {}) {
    this.#refused = this.#refused.filter((each) => each !== entry);
    this.#store.remove(entry.request_id);
    const answers = this.#inWords.get(entry.request_id);
    if (resendAs) this.add({ ...entry, ...resendAs, trouble: undefined }, answers);
    this.#inWords.delete(entry.request_id);
    this.#tell();
  }

  async #run() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#waiting.length) {
      const entry = this.#waiting[0];
      const outcome = await this.#send(entry, this.#inWords.get(entry.request_id));
      if (outcome.kind === "saved") this.#isSaved(entry, outcome);
      else if (outcome.kind === "stale" || outcome.kind === "refused") this.#isRefused(entry, outcome);
      else await this.#rest(outcome.kind === "retry" ? "retrying" : outcome.kind);
    }
    this.#isRunning = false;
  }

  #isSaved(entry, outcome) {
    this.#waiting.shift();
    this.#store.remove(entry.request_id);
    this.#inWords.delete(entry.request_id);
    this.#pause = FIRST_PAUSE;
    this.savedAt = outcome.savedAt;
    if (outcome.hasLostQuotes) this.lostQuotesAt = outcome.savedAt;
    this.#tell(this.#waiting.length ? "saving" : "saved");
  }

  #isRefused(entry, outcome) {
    this.#waiting.shift();
    entry.trouble = outcome;
    this.#refused.push(entry);
    this.#store.put(entry);
    this.#tell("idle");
  }

  async #rest(state) {
    this.#tell(state);
    await new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, this.#pause);
    });
    this.#wake = null;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  #tell(state = this.state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
