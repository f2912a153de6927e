/* What a board remembers without power: one small database of the browser, one value by name. */

const KEPT = "kept";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const LOST = new Set(["InvalidStateError", "AbortError", undefined]); // the browser closed it: no fault of what was asked

export class Store {
  #name;
  #database = null;

  static async open(name) {
    const made = new Store();
    made.#name = name;
    await made.#opened();
    return made;
  }

  get(key) {
    return this.#within((database) => done(database.transaction(KEPT).objectStore(KEPT).get(key)));
  }

  /** Resolves when it is safe from a loss of power, as far as a browser can promise that. */
  put(key, value) {
    return this.#within((database) => written(database, key, value));
  }

  /** Opened once more where a browser closed it under a page that is open for months. */
  async #within(work) {
    try {
      return await work(await this.#opened());
    } catch (error) {
      if (!LOST.has(error?.name)) throw error;
      this.#database = null;
      return work(await this.#opened());
    }
  }

  async #opened() {
    if (this.#database) return this.#database;
    const request = indexedDB.open(this.#name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(KEPT);
    this.#database = await done(request);
    return this.#database;
  }
}

function written(database, key, value) {
  return new Promise((resolve, reject) => {
    const work = database.transaction(KEPT, "readwrite", { durability: "strict" });
    work.oncomplete = () => resolve();
    work.onerror = work.onabort = () => reject(work.error);
    work.objectStore(KEPT).put(value, key);
  });
}
