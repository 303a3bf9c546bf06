// What is unsent, on this computer: answers only, never the text of a post, deleted when saved.

const NAME = "daana-desk";
const UNSENT = "unsent";

export class UnsentStore {
  #database = null;
  #opening;

  constructor() {
    this.#opening = open().then(
      (database) => (this.#database = database),
      () => null,
    );
  }

  // False where the browser keeps nothing (a private window): then the tab alone holds them.
  get isKept() {
    return this.#database !== null;
  }

  async all() {
    return (await this.#ask("readonly", (entries) => entries.getAll())) ?? [];
  }

  put(entry) {
    return this.#ask("readwrite", (entries) => entries.put(entry));
  }

  remove(requestId) {
    return this.#ask("readwrite", (entries) => entries.delete(requestId));
  }

  async #ask(mode, question) {
    await this.#opening;
    if (!this.#database) return undefined;
    try {
      return await answer(question(this.#database.transaction(UNSENT, mode).objectStore(UNSENT)));
    } catch {
      this.#database = null;
      return undefined;
    }
  }
}

async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () =>
    request.result.createObjectStore(UNSENT, { keyPath: "request_id" });
  return answer(request);
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
