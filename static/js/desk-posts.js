// The way of the posts over the desk: from the supply, under the eyes, into the queue, and back.

import { newRequestId } from "./desk-answers.js";
import { ActiveClock } from "./desk-clock.js";
import { marked, withQuotes } from "./desk-quotes.js";
import { Supply } from "./desk-supply.js";

// A second press that comes this soon was meant for the post before.
const GUARD = 250;
const NUMBERS = new Intl.NumberFormat(document.documentElement.lang);

export class Posts {
  #desk;
  #config;
  #queue;
  #drafts;
  #answerSheet;
  #place;
  #supply;
  #clock = new ActiveClock();
  // The post on the desk; ``stands`` is what was saved of it before: save or skip.
  #sheet;
  #past = [];
  #progress;
  #answered = 0;
  #shownAt = performance.now();
  // Whether anything was answered since the post came to the desk.
  #hasBegun = false;

  constructor({ desk, config, queue, drafts, answerSheet }) {
    this.#desk = desk;
    this.#config = config;
    this.#queue = queue;
    this.#drafts = drafts;
    this.#answerSheet = answerSheet;
    this.#place = desk.querySelector("[data-post]");
    this.#progress = config.progress;
    this.#supply = new Supply(config, () => this.#moment);
    this.#supply.addEventListener("change", () => this.#onSupply());
    queue.addEventListener("change", () => this.#onQueue());
    // The first post is drawn already.
    const first = this.#supply.next();
    this.#sheet = config.is_amending ? { ...first, stands: "save" } : first;
    this.#restoreDraft();
    this.#keepDrafts();
    if (config.is_amending) history.replaceState(null, "", config.urls.desk);
    answerSheet.settle();
  }

  save() {
    const { answers, missing, note } = this.#answerSheet;
    if (!answers.topics.length) this.#answerSheet.say(this.#config.texts.no_topic);
    else if (missing) this.#answerSheet.say(this.#config.texts.answer_missing.replace("%s", missing));
    else if (note.lacksComment) this.#answerSheet.say(this.#config.texts.no_comment);
    else this.#enqueue({ action: "save", answers });
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
    const { answers, note } = this.#answerSheet;
    if (this.#sheet) this.#supply.putBack({ ...this.#sheet, answers, note: note.value });
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
    const note = this.#answerSheet.note.value;
    const entry = {
      ...answer,
      answers: withQuotes(answer.answers, (quote) => marked(quote, sheet.quotable)),
      note,
      request_id: newRequestId(),
      post: sheet.post,
      base_number: sheet.base_number,
      version: this.#config.version,
      seconds: this.#clock.seconds,
    };
    this.#queue.add(entry, answer.answers);
    this.#answered += 1;
    this.#drafts.forget(sheet.post);
    this.#count(sheet.stands, answer.action);
    this.#past.push({
      ...sheet,
      base_number: sheet.base_number + 1,
      stands: answer.action,
      answers: answer.answers,
      note,
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
    this.#hasBegun = false;
    this.#answerSheet.form.inert = false;
    this.#place.innerHTML = sheet.card;
    this.#place.scrollTop = 0;
    this.#answerSheet.put(sheet.actors, sheet);
    if (this.#place.getBoundingClientRect().top < 0) this.#desk.scrollIntoView();
    this.#clock.restart();
    this.#shownAt = performance.now();
    performance.mark("post-shown");
    if (!sheet.answers) this.#restoreDraft();
  }

  // What was answered before the tab was reloaded, unless somebody has begun anew.
  async #restoreDraft() {
    const sheet = this.#sheet;
    const draft = await this.#drafts.of(sheet);
    if (!draft || sheet !== this.#sheet || this.#hasBegun) return;
    this.#answerSheet.restore(draft);
    this.#clock.restart(draft.seconds);
  }

  #keepDrafts() {
    const keep = () => {
      if (!this.#sheet || !this.#hasBegun) return;
      const { answers, note } = this.#answerSheet;
      this.#drafts.keep(this.#sheet, { answers, note: note.value, seconds: this.#clock.seconds });
    };
    const { form } = this.#answerSheet;
    for (const kind of ["change", "input", "answered"]) {
      form.addEventListener(kind, () => {
        this.#hasBegun = true;
        keep();
      });
    }
    addEventListener("pagehide", keep);
  }

  #showNothing() {
    const { texts } = this.#config;
    const waiting = navigator.onLine ? texts.fetching_posts : texts.waiting_for_posts;
    this.#answerSheet.form.inert = true;
    this.#place.textContent = this.#isAtTheEnd ? texts.finishing : waiting;
    this.#finishWhenSent();
  }

  #onSupply() {
    if (this.#supply.progress && this.#supply.progressOf === this.#moment) {
      this.#progress = this.#supply.progress;
      this.#drawProgress();
    }
    if (!this.#sheet && !this.#showNext()) this.#showNothing();
  }

  // With what has arrived one's share of the posts may be larger.
  #onQueue() {
    if (this.#queue.unsent === 0) this.#supply.fill();
    this.#finishWhenSent();
  }

  #finishWhenSent() {
    if (!this.#sheet && this.#isAtTheEnd && this.#queue.isSafeToLeave) {
      location.assign(this.#config.urls.desk);
    }
  }

  // Two moments are the same while nothing was answered between them and all was sent before.
  get #moment() {
    return this.#queue.unsent === 0 ? this.#answered : Symbol("unsent");
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
      place.textContent = NUMBERS.format(this.#progress[place.dataset.progress]);
    }
  }
}
