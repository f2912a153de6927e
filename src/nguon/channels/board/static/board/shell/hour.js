/* The time a board goes by: the server's as soon as that could be asked, else that of its machine. */

const SET = 1_000; // ms: a clock of the machine that differs by more since the last look was set
const ROUGH = 500; // ms: what an answer of the server may differ by from the time carried on, without being news
const PATIENCE = 10_000;
const DOUBT_EVERY = 60_000; // ms between two doubts, while the server does not answer

const machineAhead = () => Math.round(Date.now() - performance.now());

/** Once checked it is carried on by the browser's counter: whoever sets the machine's clock does not move it. */
export class Hour {
  checked = false;
  #ahead = machineAhead();
  #machine = machineAhead(); // when it was checked
  #doubted = -Infinity;

  now() {
    return Math.round(performance.now()) + this.#ahead;
  }

  /** Error of the machine's clock, ms; null if it was never checked. */
  offset() {
    return this.checked ? machineAhead() - this.#ahead : null;
  }

  /** Until it is checked: how far (ms) the machine's clock was set since the last look. `now` goes along. */
  follow() {
    const moved = this.checked ? 0 : machineAhead() - this.#ahead;
    if (Math.abs(moved) <= SET) return 0;
    this.#ahead += moved;
    return moved;
  }

  /** Whether the checked time is to be asked for at once: the machine's clock moved against the counter. It was set, which
     is nothing to us; or the machine slept, and the counter with it. */
  doubts() {
    if (!this.checked || Math.abs(machineAhead() - this.#machine) <= SET) return false;
    if (performance.now() - this.#doubted < DOUBT_EVERY) return false;
    this.#doubted = performance.now();
    return true;
  }

  /** Ask the server: how far (ms) `now` moves by its answer, null if there is none. */
  async ask(server) {
    const before = performance.now();
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const { now } = await (await fetch(new URL("/api/1/time", server), { cache: "no-store", signal })).json();
      return Number.isSafeInteger(now) ? this.#check(now, (before + performance.now()) / 2) : null;
    } catch {
      return null;
    }
  }

  #check(server, at) {
    const moved = server - Math.round(at) - this.#ahead;
    this.#machine = machineAhead();
    if (this.checked && Math.abs(moved) <= ROUGH) return 0;
    this.checked = true;
    this.#ahead += moved;
    return moved;
  }
}
