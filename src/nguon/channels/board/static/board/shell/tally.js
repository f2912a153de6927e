/* What the board showed by itself: counted, kept without power, and told to the server a whole day at a time. */

import { Turns, add } from "../show/scene/turns.js";
import { authorizationOf } from "./standing.js";

const EVERY = 1_800_000; // ms between two tellings, about
const BACK = 120_000; // ms within which many boards tell that came back at the same moment
const SAVE_WITHIN = 60_000; // ms of showing that a loss of power may cost
const PATIENCE = 30_000;
const NEVER = new Set([400, 413]); // the server will not take this day, whenever it is told

export class Tally {
  #turns = new Turns();
  #kept = null; // {device, days, untold: Set of days}
  #saving = 0;
  #timer = 0;
  #due = Infinity; // by the browser's counter
  #sending = false;
  #ended = false;

  /** `hour`: the clock. */
  constructor({ server, identity, store, hour }) {
    Object.assign(this, { server, identity, store, hour });
  }

  /** Begin with what was kept. */
  async open() {
    const found = await this.store.get("tally").catch(() => null);
    const mine = found?.device === this.identity.device;
    this.#kept = mine ? found : { device: this.identity.device, days: {}, untold: new Set() };
    this.#tellWithin(EVERY);
    this.back();
  }

  /** What stands on the glass from now on (see `Turns`). Counted by a clock that was checked only: the day is to be known. */
  see(standing) {
    if (!this.#kept || this.#ended || !this.hour.checked) return;
    const rows = this.#turns.see(standing, this.hour.now(), performance.now());
    for (const row of rows) this.#kept.untold.add(add(this.#kept.days, row));
    if (rows.length && !this.#saving) this.#saving = setTimeout(() => this.save(), SAVE_WITHIN);
  }

  /** The server can be reached again: it is told soon, if there is anything. */
  back() {
    if (this.#kept?.untold.size) this.#tellWithin(BACK);
  }

  /** The board is nobody any more. */
  end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#saving);
  }

  async save() {
    clearTimeout(this.#saving);
    this.#saving = 0;
    try {
      await this.store.put("tally", this.#kept);
    } catch (error) {
      console.warn("what was shown could not be kept", error); // it is told all the same, if the power stays
    }
  }

  /** Tell every day that changed; what does not reach the server is told the next time. */
  async tell() {
    if (this.#sending || this.#ended || !this.#kept) return;
    this.#sending = true;
    const { days, untold } = this.#kept;
    for (const day of [...untold].sort()) {
      untold.delete(day); // what is counted meanwhile is news again
      const status = days[day] ? await this.#put(day, days[day]) : 400;
      if ((status >= 200 && status < 300) || NEVER.has(status)) continue;
      untold.add(day);
      break;
    }
    await this.save();
    this.#sending = false;
    this.#due = Infinity;
    this.#tellWithin(EVERY);
  }

  #tellWithin(span) {
    if (this.#ended) return;
    const wait = span === BACK ? Math.random() * BACK : span * (0.75 + Math.random() / 2);
    if (performance.now() + wait >= this.#due) return;
    this.#due = performance.now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tell(), wait);
  }

  /** The status of the answer; 0 for none. */
  async #put(day, pages) {
    try {
      const { status } = await fetch(new URL(`/api/1/shown/${day}`, this.server), {
        method: "PUT",
        headers: { Authorization: authorizationOf(this.identity), "Content-Type": "application/json" },
        body: JSON.stringify({ pages }),
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      return status;
    } catch {
      return 0;
    }
  }
}
