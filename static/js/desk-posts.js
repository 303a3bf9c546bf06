// The way of the posts over the desk: from the supply, under the eyes, into the queue, and back.

import { newRequestId } from "./desk-answers.js";
import { ActiveClock } from "./desk-clock.js";
import { Supply } from "./desk-supply.js";

// A second press that comes this soon was meant for the post before.
const GUARD = 250;

export class Posts {
  #desk;
  #config;
  #queue;
  #answerSheet;
  #place;
  #supply;
  #clock = new ActiveClock();
  // The post on the desk; ``stands`` is what was saved of it before: save or skip.
  #sheet;
  #past = [];
  #progress;
  #shownAt = performance.now();

  constructor({ desk, config, queue, answerSheet }) {
    this.#desk = desk;
    this.#config = config;
    this.#queue = queue;
    this.#answerSheet = answerSheet;
    this.#place = desk.querySelector("[data-post]");
    this.#progress = config.progress;
    this.#supply = new Supply(config.urls.next, config.sheets);
    this.#supply.addEventListener("change", () => this.#onSupply());
    queue.addEventListener("change", () => this.#finishWhenSent());
    // The first post is drawn already.
    const first = this.#supply.next();
    this.#sheet = config.is_amending ? { ...first, stands: "save" } : first;
    if (config.is_amending) history.replaceState(null, "", config.urls.desk);
    answerSheet.settle();
  }

  save() {
    const { answers } = this.#answerSheet;
    if (answers.topics.length) this.#enqueue({ action: "save", answers });
    else this.#answerSheet.say(this.#config.texts.no_topic);
  }

  skip() {
    const { reason } = this.#answerSheet;
    if (reason) this.#enqueue({ action: "skip", answers: null, reason });
    else this.#answerSheet.say(this.#config.texts.no_reason);
  }

  back() {
    if (!this.#past.length) {
      this.#reopenLastCoded();
      return;
    }
    if (this.#sheet) this.#supply.putBack({ ...this.#sheet, answers: this.#answerSheet.answers });
    this.#show(this.#past.pop());
  }

  // What was coded before this tab was opened.
  #reopenLastCoded() {
    const { last_coded: last, urls, texts } = this.#config;
    if (last && last !== this.#sheet?.post && this.#queue.isSafeToLeave) {
      location.assign(`${urls.desk}?post=${last}`);
    } else {
      this.#answerSheet.say(texts.nothing_before);
    }
  }

  #enqueue(answer) {
    if (!this.#sheet || performance.now() - this.#shownAt < GUARD) return;
    const sheet = this.#sheet;
    this.#queue.add({
      ...answer,
      request_id: newRequestId(),
      post: sheet.post,
      base_number: sheet.base_number,
      version: this.#config.version,
      seconds: this.#clock.seconds,
    });
    this.#count(sheet.stands, answer.action);
    this.#past.push({
      ...sheet,
      base_number: sheet.base_number + 1,
      stands: answer.action,
      answers: answer.answers,
    });
    this.#sheet = null;
    if (!this.#showNext()) this.#showNothing();
  }

  #showNext() {
    const sheet = this.#hasNewCodebook ? null : this.#supply.next();
    if (sheet) this.#show(sheet);
    return sheet !== null;
  }

  #show(sheet) {
    this.#sheet = sheet;
    this.#answerSheet.form.inert = false;
    this.#place.innerHTML = sheet.card;
    this.#place.scrollTop = 0;
    this.#answerSheet.put(sheet.actors, sheet.answers);
    if (this.#place.getBoundingClientRect().top < 0) this.#desk.scrollIntoView();
    this.#clock.restart();
    this.#shownAt = performance.now();
    performance.mark("post-shown");
  }

  #showNothing() {
    const { texts } = this.#config;
    const waiting = navigator.onLine ? texts.fetching_posts : texts.waiting_for_posts;
    this.#answerSheet.form.inert = true;
    this.#place.textContent = this.#isAtTheEnd ? texts.finishing : waiting;
    this.#finishWhenSent();
  }

  #onSupply() {
    if (this.#supply.progress && this.#queue.unsent === 0) {
      this.#progress = this.#supply.progress;
      this.#drawProgress();
    }
    if (!this.#sheet && !this.#showNext()) this.#showNothing();
  }

  #finishWhenSent() {
    if (!this.#sheet && this.#isAtTheEnd && this.#queue.isSafeToLeave) {
      location.assign(this.#config.urls.desk);
    }
  }

  get #isAtTheEnd() {
    return this.#supply.isExhausted || this.#hasNewCodebook;
  }

  // Another version was published: its questions come with the page.
  get #hasNewCodebook() {
    return this.#supply.version !== null && this.#supply.version !== this.#config.version;
  }

  #count(before, action) {
    if (!before) this.#progress.left -= 1;
    if (action === "save" && before !== "save") this.#progress.done += 1;
    if (!before) {
      this.#progress.today += 1;
      this.#progress.last_hour += 1;
    }
    this.#drawProgress();
  }

  #drawProgress() {
    for (const place of this.#desk.querySelectorAll("[data-progress]")) {
      place.textContent = this.#progress[place.dataset.progress];
    }
  }
}
