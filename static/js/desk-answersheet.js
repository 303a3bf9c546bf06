// The questions beside the post: what each key does to the answers, and where one is.

import { ActorRows } from "./desk-actors.js";
import { readAnswers, writeAnswers } from "./desk-answers.js";
import { Finder } from "./desk-finder.js";
import { Guide } from "./desk-guide.js";
import { Note } from "./desk-note.js";

export class AnswerSheet {
  form;
  note;
  #desk;
  #texts;
  #post;
  #rows;
  #guide;
  #finders;
  // Where ↑ and ↓ start from: a row or a question.
  #stop = null;
  // What the codebook would be asked about.
  #question = "topics";
  #entry = "";

  constructor(desk, config) {
    this.#desk = desk;
    this.#texts = config.texts;
    this.form = this.#find("desk-form");
    this.#post = this.#find("post");
    this.#rows = new ActorRows({
      box: this.#find("actors"),
      template: this.#find("actor-template"),
      actors: config.actors,
      post: this.#post,
    });
    this.note = new Note(this.form, this.#find("note-panel"));
    this.#guide = new Guide(this.#find("guide"), () => this.settle());
    this.#finders = {
      actors: this.#finder("actors", config.actors, (actor) => this.addActor(actor)),
      topics: this.#finder("topics", config.topics, (topic) => this.toggleTopic(topic)),
    };
    this.form.addEventListener("change", () => this.say(""));
    this.form.addEventListener("focusin", (event) => this.#follow(event.target));
  }

  // For another post: empty, or with answers given before.
  put(actorsHtml, { answers, note } = {}) {
    this.#rows.put(actorsHtml, Object.keys(answers?.tones ?? {}));
    writeAnswers(this.form, answers ?? undefined);
    for (const choice of this.form.querySelectorAll("[name=reason-choice]")) choice.checked = false;
    this.form.elements.reason.value = "";
    this.note.value = note ?? {};
    this.say("");
    this.#stop = null;
    this.#at("topics");
    this.settle();
    this.#find("questions").scrollTop = 0;
  }

  // Answers kept of the post that is on the sheet.
  restore({ answers, note }) {
    for (const actor of Object.keys(answers.tones)) this.#rows.add(actor);
    writeAnswers(this.form, answers);
    this.note.value = note;
  }

  get answers() {
    return readAnswers(this.form);
  }

  get reason() {
    const chosen = this.form.querySelector("[name=reason-choice]:checked");
    return this.form.elements.reason.value.trim() || chosen?.value || "";
  }

  get mode() {
    return this.#desk.dataset.mode ?? "";
  }

  set mode(name) {
    this.#desk.dataset.mode = name;
    this.#find("skip-panel").toggleAttribute("data-open", name === "skip");
    this.note.isOpen = name === "note";
  }

  say(text) {
    this.#find("problem").textContent = text;
  }

  // Back to where every key is a command.
  settle() {
    this.mode = "";
    this.#post.focus({ preventScroll: true });
  }

  escape() {
    this.#guide.close();
    this.#rows.leave();
    this.settle();
  }

  // Actors -------------------------------------------------------------------------------------

  actor(place) {
    const row = this.#rows.rows[place - 1];
    if (row) this.#goTo(row);
  }

  addActor(actor) {
    this.#goTo(this.#rows.add(actor));
  }

  isToneKey(key) {
    const row = this.#find("actor-template").content;
    return key === "0" || row.querySelector(`[data-tone-key="${CSS.escape(key)}"]`) !== null;
  }

  tone(key) {
    if (!this.#rows.active) {
      this.say(this.#texts.no_actor_active);
      return;
    }
    this.say("");
    this.#at("actors", `tone-${this.#rows.answer(key)}`);
    this.#answered();
  }

  // Topics -------------------------------------------------------------------------------------

  topicOf(key) {
    return this.form.querySelector(`[data-hotkey="${CSS.escape(key)}"] input`)?.value;
  }

  toggleTopic(topic) {
    const box = this.form.querySelector(`[name=topic][value="${topic}"]`);
    box.checked = !box.checked;
    this.say("");
    this.#rows.leave();
    this.#answered();
    this.#stop = box.closest("[data-question]");
    this.#at("topics", `topic-${topic}`);
    this.settle();
  }

  // Flags --------------------------------------------------------------------------------------

  openFlags() {
    this.#goTo(this.form.querySelector("[data-question=flags]"));
  }

  // The text one selected in the post becomes the quote; else the quote is asked for.
  toggleFlag(digit) {
    const box = this.form.querySelector(`[data-flag-hotkey="f${digit}"] input`);
    if (!box) return;
    const quote = this.form.elements[`quote-${box.value}`];
    box.checked = !box.checked;
    this.#at("flags", `flag-${box.value}`);
    this.settle();
    if (box.checked) quote.value = this.#selectedText() || quote.value;
    this.#answered();
    if (!box.checked) return;
    if (!quote.value) quote.focus();
    quote.scrollIntoView({ block: "nearest" });
  }

  #selectedText() {
    const selection = getSelection();
    const isOfPost = selection.rangeCount && this.#post.contains(selection.anchorNode);
    return isOfPost ? selection.toString().trim() : "";
  }

  // Further questions --------------------------------------------------------------------------

  // The label of the first question that has to be answered and is not.
  get missing() {
    const { extra } = this.answers;
    const required = [...this.form.querySelectorAll("[data-extra][data-required]")];
    return required.find((question) => !extra[question.dataset.extra])?.dataset.label;
  }

  answerExtra(digit) {
    const choice = this.#stop?.querySelector(`[data-extra-key="${digit}"] input`);
    if (!choice) return;
    choice.checked = true;
    this.say("");
    this.#answered();
  }

  // Skipping -----------------------------------------------------------------------------------

  openSkip() {
    this.#rows.leave();
    this.settle();
    this.mode = "skip";
    this.#find("skip-panel").scrollIntoView({ block: "nearest" });
  }

  chooseReason(digit) {
    const choice = this.form.querySelector(`[data-skip-key="${digit}"]`);
    if (choice) choice.checked = true;
  }

  // Notes --------------------------------------------------------------------------------------

  // The first press offers whom to ask, the second opens the comment.
  openNote() {
    const isSecond = this.mode === "note";
    this.#rows.leave();
    this.settle();
    this.mode = "note";
    if (isSecond) this.note.write();
  }

  ask(digit) {
    this.note.choose(digit);
    this.#answered();
  }

  // From one to the other ----------------------------------------------------------------------

  find(name) {
    this.mode = "";
    this.#rows.leave();
    this.#at(name);
    this.#finders[name].open();
  }

  // Every actor is a stop, then the topics, then the flags.
  step(by) {
    const named = (name) => this.form.querySelector(`[data-question=${name}]`);
    const further = this.form.querySelectorAll("[data-question=extra]");
    const stops = [...this.#rows.rows, named("topics"), named("flags"), ...further];
    const here = stops.indexOf(this.#stop);
    const next = here === -1 ? (by > 0 ? stops[0] : stops.at(-1)) : stops[here + by];
    if (next) this.#goTo(next);
  }

  guide() {
    this.#guide.toggle(this.#question, this.#entry);
  }

  #goTo(stop) {
    const question = stop.dataset.question ?? "actors";
    this.#rows.leave();
    this.#stop = stop;
    this.mode = ["flags", "extra"].includes(question) ? question : "";
    this.#at(question, stop.dataset.extra ? `extra-${stop.dataset.extra}` : "");
    if (question === "actors") this.#rows.activate(stop);
    // A question that is answered in words is ready to be written in.
    else (stop.querySelector("[data-words]") ?? stop).focus();
  }

  // What a key answers changes the form without the browser's own event.
  #answered() {
    this.form.dispatchEvent(new Event("answered"));
  }

  #follow(element) {
    const question = element.closest("[data-question]")?.dataset.question;
    if (question && question !== this.#question) this.#at(question);
  }

  #at(question, entry = "") {
    this.#question = question;
    this.#entry = entry;
    this.#guide.follow(question, entry);
  }

  #finder(name, items, choose) {
    return new Finder(this.#desk.querySelector(`[data-finder="${name}"]`), {
      items,
      choose,
      leave: () => this.settle(),
      nothing: this.#texts.nothing_found,
    });
  }

  #find(name) {
    return this.#desk.querySelector(`[data-${name}]`);
  }
}
