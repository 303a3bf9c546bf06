// What this computer keeps: unsent answers and half-answered posts, never the text of a post.

class Kept {
  #name;
  #database = null;
  #opening;
  #isForgetful;

  constructor(database, name, keyPath, isForgetful) {
    this.#name = name;
    this.#isForgetful = isForgetful;
    this.#opening = open(database, name, keyPath).then(
      (opened) => (this.#database = opened),
      () => null,
    );
  }

  // False where the browser keeps nothing (a private window), or the project lets nothing be kept:
  // then the tab alone holds them.
  get isKept() {
    return this.#database !== null && !this.#isForgetful;
  }

  async all() {
    return (await this.#ask("readonly", (entries) => entries.getAll())) ?? [];
  }

  get(key) {
    return this.#ask("readonly", (entries) => entries.get(key));
  }

  put(entry) {
    if (this.#isForgetful) return Promise.resolve();
    return this.#ask("readwrite", (entries) => entries.put(entry));
  }

  remove(key) {
    return this.#ask("readwrite", (entries) => entries.delete(key));
  }

  clear() {
    return this.#ask("readwrite", (entries) => entries.clear());
  }

  async #ask(mode, question) {
    if (!this.#database) await this.#opening;
    if (!this.#database) return undefined;
    try {
      const entries = this.#database.transaction(this.#name, mode).objectStore(this.#name);
      return await answer(question(entries));
    } catch {
      this.#database = null;
      return undefined;
    }
  }
}

// What was kept before the project decided so is still found, sent and removed.
export function unsentStore({ keeps_unsent: isKeeping = true } = {}) {
  return new Kept("daana-desk", "unsent", "request_id", !isKeeping);
}

export function draftStore({ keeps_unsent: isKeeping = true } = {}) {
  return new Kept("daana-drafts", "drafts", "id", !isKeeping);
}

async function open(database, name, keyPath) {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(name, { keyPath });
  const opened = await answer(request);
  // A tab of a later version may need another form of it.
  opened.onversionchange = () => opened.close();
  return opened;
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
