/* What a board remembers without power: one small database of the browser, one value by name. */

const KEPT = "kept";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Store {
  #database;

  static async open(name) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(KEPT);
    const made = new Store();
    made.#database = await done(request);
    return made;
  }

  get(key) {
    return done(this.#database.transaction(KEPT).objectStore(KEPT).get(key));
  }

  /** Resolves when it is safe from a loss of power, as far as a browser can promise that. */
  put(key, value) {
    return new Promise((resolve, reject) => {
      const work = this.#database.transaction(KEPT, "readwrite", { durability: "strict" });
      work.oncomplete = () => resolve();
      work.onerror = work.onabort = () => reject(work.error);
      work.objectStore(KEPT).put(value, key);
    });
  }
}
