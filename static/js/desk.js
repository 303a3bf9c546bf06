// The coding desk. The page works as a plain form; this makes it an instrument: keys for every
// answer, the next post at once, saving behind one's back but before one's eyes.

import { ActorRows } from "./desk-actors.js";
import { newRequestId, readAnswers, writeAnswers } from "./desk-answers.js";
import { ActiveClock } from "./desk-clock.js";
import { Finder } from "./desk-finder.js";
import { Guide } from "./desk-guide.js";
import { isTyping, keyOf } from "./desk-keys.js";
import { SaveQueue } from "./desk-queue.js";
import { sender } from "./desk-send.js";
import { UnsentStore } from "./desk-store.js";
import { Supply } from "./desk-supply.js";
import { showSaveState } from "./desk-unsaved.js";

// A second press that comes this soon was meant for the post before.
const GUARD = 250;
const FLUSH_BEFORE_LEAVING = 4_000;

function openQueue(desk, config) {
  const queue = new SaveQueue({
    store: new UnsentStore(),
    send: sender(config),
    whose: { project: config.project, coder: config.coder },
  });
  showSaveState(desk, queue, config);
  queue.load();
  addEventListener("online", () => queue.hurry());
  addEventListener("focus", () => queue.hurry());
  addEventListener("beforeunload", (event) => {
    if (!queue.isSafeToLeave) event.preventDefault();
  });
  sendBeforeSigningOut(desk, queue, config);
  return queue;
}

function sendBeforeSigningOut(desk, queue, config) {
  let wasWarned = false;
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", async (event) => {
    if (queue.unsent === 0 || wasWarned) return;
    event.preventDefault();
    const form = event.target;
    if (await queue.flush(FLUSH_BEFORE_LEAVING)) {
      form.submit();
      return;
    }
    wasWarned = true;
    const place = desk.querySelector("[data-save-state]");
    place.textContent = config.texts.sign_out_waits.replace("%s", queue.unsent);
  });
}

class Desk {
  #desk;
  #config;
  #queue;
  #form;
  #post;
  #problem;
  #rows;
  #supply;
  #guide;
  #finders;
  #clock = new ActiveClock();
  #sheet;
  #past = [];
  #progress;
  #shownAt = performance.now();
  // Where one is: the question, and the codebook entry one touched last.
  #question = "topics";
  #entry = "";

  constructor(desk, config, queue) {
    const find = (name) => desk.querySelector(`[data-${name}]`);
    this.#desk = desk;
    this.#config = config;
    this.#queue = queue;
    this.#form = find("desk-form");
    this.#post = find("post");
    this.#problem = find("problem");
    this.#progress = config.progress;
    this.#rows = new ActorRows({
      box: find("actors"),
      template: find("actor-template"),
      actors: config.actors,
      post: this.#post,
    });
    this.#guide = new Guide(find("guide"), () => this.#settle());
    this.#finders = this.#makeFinders();
    const [first, ...ahead] = config.sheets;
    this.#sheet = config.is_amending ? { ...first, stands: "save" } : first;
    this.#supply = new Supply(config.urls.next, [first, ...ahead]);
    this.#supply.next();
    this.#supply.addEventListener("change", () => this.#onSupply());
    queue.addEventListener("change", () => this.#finishWhenSent());
    this.#listen(find);
    if (config.is_amending) history.replaceState(null, "", config.urls.desk);
    this.#settle();
  }

  #makeFinders() {
    const make = (name, items, choose) =>
      new Finder(this.#desk.querySelector(`[data-finder="${name}"]`), {
        items,
        choose,
        leave: () => this.#settle(),
        nothing: this.#config.texts.nothing_found,
      });
    return {
      actors: make("actors", this.#config.actors, (actor) => {
        this.#at("actors");
        this.#rows.add(actor);
      }),
      topics: make("topics", this.#config.topics, (topic) => {
        this.#toggleTopic(this.#form.querySelector(`[name=topic][value="${topic}"]`));
        this.#settle();
      }),
    };
  }

  #listen(find) {
    document.addEventListener("keydown", (event) => this.#onKey(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.value === "skip") this.#skip();
      else this.#save();
    });
    this.#form.addEventListener("change", () => this.#say(""));
    this.#form.addEventListener("focusin", (event) => {
      const question = event.target.closest("[data-question]")?.dataset.question;
      if (question) this.#at(question, this.#entry);
    });
    find("back").addEventListener("click", () => this.#back());
    find("skip").addEventListener("click", () => this.#openSkip());
    find("keys-open").addEventListener("click", () => find("keys-dialog").showModal());
  }

  // Keys ---------------------------------------------------------------------------------------

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      this.#onKeyInField(event);
      return;
    }
    const key = keyOf(event);
    const isNative = event.target.closest("a, button, summary") && ["Enter", " "].includes(key);
    if (isNative) return;
    const command = this.#commandFor(key);
    if (!command) return;
    event.preventDefault();
    if (event.repeat && !key.startsWith("Arrow")) return;
    if (this.#desk.dataset.mode === "flags" && !/^[0-9]$/.test(key)) this.#mode("");
    command();
  }

  #onKeyInField(event) {
    const isDone = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
    if (!isDone || event.target.closest("[data-finder]") || event.target.matches("select")) return;
    if (!this.#form.contains(event.target)) return;
    event.preventDefault();
    if (event.repeat) return;
    if (event.key === "Enter" && event.target.name === "reason") this.#skip();
    else this.#settle();
  }

  #commandFor(key) {
    const mode = this.#desk.dataset.mode;
    if (/^[0-9]$/.test(key)) {
      if (mode === "flags" && key !== "0") return () => this.#raiseFlag(key);
      if (mode === "skip" && key !== "0") return () => this.#chooseReason(key);
      if (key === "0") return () => this.#tone("0");
      return () => this.#actor(Number(key));
    }
    const topic = this.#form.querySelector(`.chip[data-hotkey="${CSS.escape(key)}"] input`);
    if (topic) return () => this.#toggleTopic(topic);
    if (this.#desk.querySelector(`template`)?.content.querySelector(`[data-tone-key="${CSS.escape(key)}"]`)) {
      return () => this.#tone(key);
    }
    return {
      Enter: () => (mode === "skip" ? this.#skip() : this.#save()),
      Backspace: () => this.#back(),
      Escape: () => this.#escape(),
      ArrowDown: () => this.#step(1),
      ArrowUp: () => this.#step(-1),
      a: () => this.#open("actors"),
      t: () => this.#open("topics"),
      f: () => this.#goTo(this.#form.querySelector('[data-question="flags"]')),
      s: () => this.#openSkip(),
      g: () => this.#guide.toggle(this.#question, this.#entry),
      "?": () => this.#desk.querySelector("[data-keys-dialog]").showModal(),
    }[key];
  }

  #actor(digit) {
    const row = this.#rows.rows[digit - 1];
    if (!row) return;
    this.#at("actors");
    this.#rows.activate(row);
  }

  #tone(key) {
    if (!this.#rows.active) {
      this.#say(this.#config.texts.no_actor_active);
      return;
    }
    this.#say("");
    this.#rows.answer(key);
    const chosen = this.#rows.active.querySelector("input:checked").value;
    this.#at("actors", `tone-${chosen}`);
  }

  #toggleTopic(box) {
    box.checked = !box.checked;
    this.#say("");
    this.#at("topics", `topic-${box.value}`);
    this.#rows.leave();
  }

  #raiseFlag(digit) {
    const label = this.#form.querySelector(`[data-flag-hotkey="f${digit}"]`);
    if (!label) return;
    const box = label.querySelector("input");
    const quote = this.#form.elements[`quote-${box.value}`];
    box.checked = !box.checked;
    this.#at("flags", `flag-${box.value}`);
    this.#settle();
    if (!box.checked) return;
    quote.value = this.#selectedText() || quote.value;
    if (!quote.value) quote.focus();
    quote.scrollIntoView({ block: "nearest" });
  }

  #selectedText() {
    const selection = getSelection();
    const isOfPost = selection.rangeCount && this.#post.contains(selection.anchorNode);
    return isOfPost ? selection.toString().trim() : "";
  }

  #open(name) {
    this.#mode("");
    this.#at(name);
    this.#finders[name].open();
  }

  // Every actor is a stop, then the topics, then the flags.
  #step(by) {
    const questions = [...this.#form.querySelectorAll('[data-question="topics"], [data-question="flags"]')];
    const stops = [...this.#rows.rows, ...questions];
    const here = stops.findIndex((stop) => stop === this.#rows.active || stop.contains(document.activeElement));
    const place = here === -1 ? (by > 0 ? 0 : stops.length - 1) : here + by;
    if (stops[place]) this.#goTo(stops[place]);
  }

  #goTo(stop) {
    this.#rows.leave();
    const question = stop.dataset.question ?? "actors";
    this.#mode(question === "flags" ? "flags" : "");
    this.#at(question);
    if (question === "actors") this.#rows.activate(stop);
    else stop.focus();
  }

  #escape() {
    if (this.#guide.isOpen) this.#guide.close();
    this.#rows.leave();
    this.#settle();
  }

  #at(question, entry = "") {
    this.#question = question;
    this.#entry = entry;
    this.#guide.follow(question, entry);
  }

  #mode(name) {
    this.#desk.dataset.mode = name;
    this.#desk.querySelector("[data-skip-panel]").toggleAttribute("data-open", name === "skip");
  }

  // Back to where every key is a command.
  #settle() {
    this.#mode("");
    this.#post.focus({ preventScroll: true });
  }

  #say(text) {
    this.#problem.textContent = text;
  }

  // Posts --------------------------------------------------------------------------------------

  #show(sheet, { answers = null } = {}) {
    this.#sheet = sheet;
    this.#post.innerHTML = sheet.card;
    this.#rows.put(sheet.actors, Object.keys(answers?.tones ?? {}));
    writeAnswers(this.#form, answers ?? undefined);
    for (const field of this.#form.querySelectorAll("[name=reason-choice]")) field.checked = false;
    this.#form.elements.reason.value = "";
    this.#say("");
    this.#at("topics");
    this.#settle();
    this.#post.scrollTop = 0;
    this.#desk.querySelector("[data-questions]").scrollTop = 0;
    if (this.#post.getBoundingClientRect().top < 0) this.#desk.scrollIntoView();
    this.#clock.restart();
    this.#shownAt = performance.now();
    performance.mark("post-shown");
  }

  #save() {
    const answers = readAnswers(this.#form);
    if (!answers.topics.length) {
      this.#say(this.#config.texts.no_topic);
      this.#at("topics");
      return;
    }
    this.#enqueue({ action: "save", answers });
  }

  #openSkip() {
    this.#mode("skip");
    this.#form.querySelector("[name=reason-choice]").closest("fieldset").scrollIntoView({ block: "nearest" });
  }

  #chooseReason(digit) {
    const choice = this.#form.querySelector(`[data-skip-key="${digit}"]`);
    if (choice) choice.checked = true;
  }

  #skip() {
    const chosen = this.#form.querySelector("[name=reason-choice]:checked");
    const reason = this.#form.elements.reason.value.trim() || chosen?.value || "";
    if (reason) this.#enqueue({ action: "skip", answers: null, reason });
    else this.#say(this.#config.texts.no_reason);
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
    this.#count(sheet, answer);
    const saved = { ...sheet, base_number: sheet.base_number + 1, stands: answer.action };
    this.#past.push({ sheet: saved, answers: answer.answers });
    this.#advance();
  }

  #advance() {
    const sheet = this.#hasNewCodebook ? null : this.#supply.next();
    if (sheet) {
      this.#show(sheet, { answers: sheet.answers });
      return;
    }
    this.#sheet = null;
    this.#form.inert = true;
    this.#post.replaceChildren();
    this.#onSupply();
  }

  #onSupply() {
    if (this.#supply.progress && this.#queue.unsent === 0) {
      this.#progress = this.#supply.progress;
      this.#drawProgress();
    }
    if (this.#sheet) return;
    const sheet = this.#hasNewCodebook ? null : this.#supply.next();
    if (sheet) {
      this.#form.inert = false;
      this.#show(sheet);
      return;
    }
    const { texts } = this.#config;
    const words = this.#isAtTheEnd ? texts.finishing : navigator.onLine ? texts.fetching_posts : texts.waiting_for_posts;
    this.#post.textContent = words;
    this.#finishWhenSent();
  }

  #finishWhenSent() {
    if (!this.#sheet && this.#isAtTheEnd && this.#queue.isSafeToLeave) {
      location.assign(this.#config.urls.desk);
    }
  }

  // Another version was published: its questions come with the page.
  get #hasNewCodebook() {
    return this.#supply.version !== null && this.#supply.version !== this.#config.version;
  }

  get #isAtTheEnd() {
    return this.#supply.isExhausted || this.#hasNewCodebook;
  }

  #back() {
    if (!this.#past.length) {
      if (this.#config.last_coded && this.#queue.isSafeToLeave && this.#config.last_coded !== this.#sheet?.post) {
        location.assign(`${this.#config.urls.desk}?post=${this.#config.last_coded}`);
      } else this.#say(this.#config.texts.nothing_before);
      return;
    }
    if (this.#sheet) this.#supply.putBack({ ...this.#sheet, answers: readAnswers(this.#form) });
    this.#form.inert = false;
    const { sheet, answers } = this.#past.pop();
    this.#show(sheet, { answers });
  }

  // Progress -----------------------------------------------------------------------------------

  #count(sheet, { action }) {
    if (!sheet.stands) this.#progress.left -= 1;
    if (action === "save" && sheet.stands !== "save") {
      for (const name of ["done", "today", "last_hour"]) this.#progress[name] += 1;
    }
    this.#drawProgress();
  }

  #drawProgress() {
    for (const place of this.#desk.querySelectorAll("[data-progress]")) {
      place.textContent = this.#progress[place.dataset.progress];
    }
  }
}

const desk = document.querySelector("[data-desk]");
if (desk) {
  const config = JSON.parse(document.getElementById("desk-data").textContent);
  const queue = openQueue(desk, config);
  if (config.sheets) new Desk(desk, config, queue);
}
