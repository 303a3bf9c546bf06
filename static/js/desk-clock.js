// Seconds a post was on the screen and the person active.

const IDLE_AFTER = 60_000;

export class ActiveClock {
  #active = 0;
  #since = null;
  #lastSign = 0;

  constructor() {
    const sign = () => this.#sign();
    for (const kind of ["keydown", "pointermove", "pointerdown", "wheel", "scroll"]) {
      addEventListener(kind, sign, { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : sign()));
    this.restart();
  }

  // From zero, or from what was spent on the post before.
  restart(seconds = 0) {
    this.#active = 1000 * seconds;
    this.#since = document.hidden ? null : performance.now();
    this.#lastSign = performance.now();
  }

  get seconds() {
    return Math.round((this.#active + this.#running()) / 1000);
  }

  // Time after the last sign of life counts for IDLE_AFTER at most.
  #running() {
    if (this.#since === null) return 0;
    return Math.max(0, Math.min(performance.now(), this.#lastSign + IDLE_AFTER) - this.#since);
  }

  #stop() {
    this.#active += this.#running();
    this.#since = null;
  }

  #sign() {
    const now = performance.now();
    if (this.#since === null || now - this.#lastSign > IDLE_AFTER) {
      this.#stop();
      this.#since = now;
    }
    this.#lastSign = now;
  }
}
