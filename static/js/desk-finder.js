// Type a few letters of a name, in any script or language, and choose with Enter.

const SHOWN = 8;
const KYRGYZ = { ң: "н", ө: "о", ү: "у" };

export function plain(text) {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[ңөү]/g, (letter) => KYRGYZ[letter]);
}

export class Finder {
  #input;
  #list;
  #items;
  #found = [];
  #place = 0;

  constructor(box, { items, choose, leave, nothing }) {
    this.#input = box.querySelector("input");
    this.#list = box.querySelector("[role=listbox]");
    this.#items = items.map((item) => ({ ...item, plain: item.names.map(plain) }));
    this.choose = choose;
    this.leave = leave;
    this.nothing = nothing;
    this.#input.addEventListener("input", () => this.#search());
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("blur", () => this.#close());
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[data-place]");
      if (option) this.#take(Number(option.dataset.place));
    });
  }

  open() {
    this.#input.value = "";
    this.#input.focus();
  }

  #search() {
    const words = plain(this.#input.value).trim();
    this.#found = words ? this.#ranked(words).slice(0, SHOWN) : [];
    this.#place = 0;
    this.#draw(words);
  }

  // Names that begin with the words, then names with such a word, then those that contain them.
  #ranked(words) {
    const rank = (name) =>
      name.startsWith(words) ? 0 : name.includes(` ${words}`) ? 1 : name.includes(words) ? 2 : 3;
    return this.#items
      .map((item) => ({ item, rank: Math.min(...item.plain.map(rank)) }))
      .filter((each) => each.rank < 3)
      .sort((one, other) => one.rank - other.rank)
      .map((each) => each.item);
  }

  #draw(words) {
    const options = this.#found.map((item, place) => {
      const option = document.createElement("li");
      option.id = `${this.#list.id}-${place}`;
      option.role = "option";
      option.dataset.place = place;
      option.ariaSelected = String(place === this.#place);
      const known = item.names.find((name) => plain(name).includes(words)) ?? item.names[0];
      option.append(item.names[0]);
      if (known !== item.names[0]) {
        const small = document.createElement("small");
        small.textContent = ` ${known}`;
        option.append(small);
      }
      return option;
    });
    if (words && !options.length) {
      const none = document.createElement("li");
      none.textContent = this.nothing;
      options.push(none);
    }
    this.#list.replaceChildren(...options);
    this.#list.hidden = !options.length;
    this.#input.ariaExpanded = String(!this.#list.hidden);
    this.#input.setAttribute(
      "aria-activedescendant",
      this.#found.length ? `${this.#list.id}-${this.#place}` : "",
    );
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      this.#place = (this.#place + step + this.#found.length) % this.#found.length;
      this.#draw(plain(this.#input.value).trim());
    } else if (event.key === "Enter" && !event.isComposing) {
      if (this.#found.length && !event.repeat) this.#take(this.#place);
      else if (!this.#input.value && !event.repeat) this.#close(true);
    } else if (event.key === "Escape") {
      this.#close(true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #take(place) {
    const item = this.#found[place];
    this.#close();
    this.choose(item.id);
  }

  #close(isLeaving = false) {
    this.#input.value = "";
    this.#found = [];
    this.#draw("");
    if (isLeaving) this.leave();
  }
}
