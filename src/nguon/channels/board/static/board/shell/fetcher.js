/* Getting a file here: checks size and hash, tries until it is too late, goes to our own server alone. */

const FIRST_WAIT = 1_000; // ms, doubled
const SLOWEST = 60_000;
const PATIENCE = 60_000; // without a single byte: a film on a slow line takes as long as it takes
const AGAIN = new Set([408, 425, 429]); // of the 4xx; every other 4xx is the last word

/** The bytes of an answer, at most `size` and one more: what is longer is not the file. `alive()`: some came. */
async function bytesOf(answer, size, alive) {
  const bytes = new Uint8Array(size);
  const reader = answer.body.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, at);
    alive();
    if (at + value.length > size) {
      reader.cancel().catch(() => {});
      return new Uint8Array(size + 1);
    }
    bytes.set(value, at);
    at += value.length;
  }
}

/** It will not come, and trying again is no use. */
class Refused extends Error {
  constructor(reason, detail) {
    super(detail);
    this.reason = reason;
  }
}

/** A signal that aborts when nothing is `alive` for too long. */
function patient() {
  const stopping = new AbortController();
  let timer = 0;
  const end = () => clearTimeout(timer);
  const alive = () => {
    end();
    timer = setTimeout(() => stopping.abort(new DOMException("nothing came any more", "TimeoutError")), PATIENCE);
  };
  alive();
  return { signal: stopping.signal, alive, end };
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
    const { signal, alive, end } = patient();
    try {
      const headers = { Authorization: this.authorization };
      const answer = await fetch(url, { headers, cache: "no-store", credentials: "omit", redirect: "error", signal });
      const { status } = answer;
      if (status >= 400 && status < 500 && !AGAIN.has(status)) throw new Refused("fetch", `the server answered ${status}`);
      if (status !== 200) return `the server answered ${status}`;
      bytes = await bytesOf(answer, content.size, alive);
    } catch (error) {
      if (error instanceof Refused) throw error;
      return String(error);
    } finally {
      end();
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
