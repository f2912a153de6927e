/* A line in plain requests (`/mqtt/line`), with the handle of a door: bytes up in order, one question open for those down.

   Bytes are numbered in each direction. A request that was lost is sent again: the server takes none twice, and gives what
   has not come once more. */

import { joined } from "./bytes.js";

const OPENS = 10_000; // ms for a line to be opened
const WAIT = 35_000; // ms for one answer; the server keeps a question for 25 s
const PATIENCE = 50_000; // ms of trying again: a line that is not asked for 60 s is cut
const FIRST_PAUSE = 250; // ms, doubled
const SLOWEST = 5_000;
const PIECE = 32_768; // bytes of one request
const AGAIN = new Set([408, 425, 429]); // of the 4xx; every other 4xx is the last word
const FULL = 503;
const NO_BROKER = 502;

/** The line is no more; `told`: the server said why there is none. */
class Cut extends Error {
  constructor(told = false) {
    super("the line is cut");
    this.told = told;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const bytesIn = (answer) => answer.arrayBuffer().then((all) => new Uint8Array(all), () => null);
const isBytes = (answer) => answer.status === 204 || answer.headers.get("content-type") === "application/octet-stream";

export class Requests {
  #address;
  #ear;
  #line = null;
  #waiting = new Uint8Array(); // what is to be said
  #said = 0; // bytes the server has taken
  #heard = 0; // bytes that have come
  #speech = Promise.resolve();
  #question = new AbortController();
  #closed = false;

  constructor(address, ear) {
    this.#address = address;
    this.#ear = ear;
    this.#run();
  }

  /** Say this. Does not wait. */
  send(bytes) {
    if (this.#closed || !this.#line) return;
    this.#waiting = joined(this.#waiting, bytes);
    this.#speech = this.#speech.then(() => this.#speak());
  }

  /** Resolves when the server has taken all that was said, or there is no hope of it. */
  get said() {
    return this.#speech;
  }

  /** Hang up after what was said. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#question.abort();
    if (this.#line) this.#hangUp();
  }

  /** Once is enough: the server cuts by itself what nobody asks for. */
  #hangUp() {
    this.#speech.then(() => this.#once("DELETE", "")).catch(() => {});
  }

  async #run() {
    try {
      await this.#open();
      this.#ear.opened();
      while (!this.#closed) {
        const bytes = await this.#asked("GET", `?from=${this.#heard}`);
        if (this.#closed) return;
        this.#heard += bytes.length;
        if (bytes.length) this.#ear.came(bytes);
      }
    } catch (error) {
      this.#over(error);
    }
  }

  async #open() {
    const answer = await this.#fetch("POST", this.#address, undefined, AbortSignal.timeout(OPENS));
    const line = answer?.status === 201 ? await answer.json().then((said) => said.line, () => null) : null;
    if (!line) throw new Cut(answer?.status === FULL || answer?.status === NO_BROKER);
    this.#line = line;
    if (!this.#closed) return;
    this.#hangUp();
    throw new Cut();
  }

  async #speak() {
    try {
      while (this.#waiting.length) {
        const piece = this.#waiting.slice(0, PIECE);
        await this.#asked("POST", `?from=${this.#said}`, piece);
        this.#said += piece.length;
        this.#waiting = this.#waiting.slice(piece.length);
      }
    } catch (error) {
      this.#over(error);
    }
  }

  /** The bytes of the answer, however often it has to be asked for. Throws Cut. */
  async #asked(method, query, body) {
    const until = performance.now() + PATIENCE;
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, SLOWEST)) {
      const bytes = await this.#once(method, query, body);
      if (bytes) return bytes;
      if (this.#closed || performance.now() + wait > until) throw new Cut();
      await pause(wait);
    }
  }

  /** One request: the bytes of the answer, null when none came that is the server's. Throws Cut when it is the last word. */
  async #once(method, query, body) {
    const given = new AbortController();
    const stop = () => given.abort();
    const late = setTimeout(stop, WAIT);
    if (method === "GET") this.#question.signal.addEventListener("abort", stop);
    try {
      const answer = await this.#fetch(method, `${this.#address}/${this.#line}${query}`, body, given.signal);
      if (answer?.status >= 400 && answer.status < 500 && !AGAIN.has(answer.status)) throw new Cut();
      return answer?.ok && isBytes(answer) ? await bytesIn(answer) : null;
    } finally {
      clearTimeout(late);
      this.#question.signal.removeEventListener("abort", stop);
    }
  }

  /** Null when it was lost on its way. */
  #fetch(method, url, body, signal) {
    const usual = { cache: "no-store", credentials: "omit", redirect: "error" };
    return fetch(url, { method, body, signal, ...usual }).catch(() => null);
  }

  #over(error) {
    if (this.#closed) return;
    this.#closed = true;
    this.#question.abort();
    this.#ear.closed(error.told ?? false);
    if (!(error instanceof Cut)) throw error;
  }
}
