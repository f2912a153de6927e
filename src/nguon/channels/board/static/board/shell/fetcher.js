/* Getting a file here: checks size and hash, tries until it is too late, goes to our own server alone. */

const FIRST_WAIT = 1_000; // ms, doubled
const SLOWEST = 60_000;
const PATIENCE = 60_000; // for one answer
const AGAIN = new Set([408, 425, 429]); // of the 4xx; every other 4xx is the last word

/** It will not come, and trying again is no use. */
class Refused extends Error {
  constructor(reason, detail) {
    super(detail);
    this.reason = reason;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Fetcher {
  #until = new Map();

  /** `tell(sha256, refused)`: it is here, or why it will not be. `needed()`: hashes that may not be thrown away. */
  constructor({ shelf, server, authorization, tell, now, needed, gone }) {
    Object.assign(this, { shelf, server, authorization, tell, now, needed, gone });
  }

  /** Begin, or go on until the later of two times (ms). */
  fetch(content, until) {
    const running = this.#until.has(content.sha256);
    this.#until.set(content.sha256, Math.max(until, this.#until.get(content.sha256) ?? 0));
    if (!running) this.#run(content);
  }

  async #run(content) {
    let refused = null;
    try {
      await this.#untilHere(content);
    } catch (error) {
      if (error instanceof Refused) refused = error;
      else if (error.name === "QuotaExceededError") refused = new Refused("disk", "the disk is full");
      else refused = new Refused("fetch", String(error));
    }
    this.#until.delete(content.sha256);
    this.tell(content.sha256, refused);
  }

  async #untilHere(content) {
    if (await this.shelf.read(content)) return;
    let wait = FIRST_WAIT;
    let spoiled = 0;
    for (;;) {
      const words = await this.#attempt(content);
      if (words === "") return;
      if (words === "hash" && ++spoiled === 2) {
        throw new Refused("hash", "what the server gave is not what the order named");
      }
      if (words === "hash") continue;
      const left = this.#until.get(content.sha256) - this.now();
      if (left <= 1_000) throw new Refused("fetch", words);
      await pause(Math.min(wait * (0.7 + 0.6 * Math.random()), left / 2)); // not all boards at once
      wait = Math.min(wait * 2, SLOWEST);
    }
  }

  /** One request: empty if the file is here, `hash` if what came is not it, else what went wrong. */
  async #attempt(content) {
    const url = new URL(content.url, this.server);
    if (url.origin !== new URL(this.server).origin) throw new Refused("fetch", `not our server: ${url.origin}`);
    let bytes;
    try {
      const headers = { Authorization: this.authorization };
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(url, { headers, cache: "no-store", credentials: "omit", redirect: "error", signal });
      const { status } = answer;
      if (status >= 400 && status < 500 && !AGAIN.has(status)) throw new Refused("fetch", `the server answered ${status}`);
      if (status !== 200) return `the server answered ${status}`;
      bytes = new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      if (error instanceof Refused) throw error;
      return String(error);
    }
    return (await this.#kept(content, bytes)) ? "" : "hash";
  }

  async #kept(content, bytes) {
    try {
      return await this.shelf.accept(content, bytes);
    } catch (error) {
      if (error.name !== "QuotaExceededError") return this.#held(content, bytes, error);
    }
    for (const digest of await this.shelf.keepOnly(this.needed())) this.gone(digest);
    return this.shelf.accept(content, bytes).catch((error) => this.#held(content, bytes, error)); // with all the room there is
  }

  #held(content, bytes, error) {
    console.warn("a file is in memory alone", error);
    return this.shelf.hold(content, bytes);
  }
}
