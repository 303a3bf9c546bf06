// The rows of actors: offered because the text names them, or added. None counts before a tone.

const MOST_KEYS = 9;

export class ActorRows {
  active = null;
  #box;
  #template;
  #names;
  #post;

  constructor({ box, template, actors, post }) {
    this.#box = box;
    this.#template = template;
    this.#names = new Map(actors.map((actor) => [actor.id, actor.names[0]]));
    this.#post = post;
    box.addEventListener("change", (event) => {
      const row = event.target.closest("[data-actor-row]");
      if (row) this.activate(row, { focus: false });
    });
  }

  get rows() {
    return [...this.#box.querySelectorAll("[data-actor-row]")];
  }

  // Other rows, for another post.
  put(html, answered = []) {
    this.active = null;
    this.#box.innerHTML = html;
    for (const actor of answered) this.add(actor);
  }

  activate(row, { focus = true } = {}) {
    this.leave();
    this.active = row;
    row.classList.add("is-active");
    for (const mark of this.#marksOf(row)) mark.classList.add("is-active");
    if (focus) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  leave() {
    if (!this.active) return;
    this.active.classList.remove("is-active");
    for (const mark of this.#marksOf(this.active)) mark.classList.remove("is-active");
    this.active = null;
  }

  // ``key`` is a tone's key, or 0 for "not about this actor"; gives the tone.
  answer(key) {
    const tone = this.active.querySelector(key === "0" ? ".none" : `[data-tone-key="${key}"]`);
    const radio = tone.querySelector("input");
    radio.checked = true;
    return radio.value;
  }

  // The row of an actor, a new one unless it is there.
  add(actor) {
    const there = this.rows.find((row) => row.dataset.actorRow === actor);
    if (there) return there;
    const row = this.#template.content.cloneNode(true).querySelector("[data-actor-row]");
    const name = this.#names.get(actor) ?? actor;
    row.dataset.actorRow = actor;
    row.ariaLabel = name;
    row.querySelector(".actor-name").textContent = name;
    row.querySelector(".actor-name").title = name;
    for (const radio of row.querySelectorAll("input")) {
      radio.name = `tone-${actor}`;
      radio.checked = radio.value === "";
    }
    if (this.rows.length < MOST_KEYS) {
      const key = document.createElement("kbd");
      key.className = "key";
      key.textContent = this.rows.length + 1;
      row.querySelector(".actor-key").append(key);
    }
    this.#box.querySelector(".no-actors")?.remove();
    this.#box.append(row);
    return row;
  }

  #marksOf(row) {
    return this.#post.querySelectorAll(`mark[data-actor~="${row.dataset.actorRow}"]`);
  }
}
