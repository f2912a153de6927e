/* How often and how long pages stood on the glass: turns, and days of them. Pure; times are ms UTC, days those of the people before
   the board. A turn is one showing of a page in one region. */

import { local } from "../../core/units.js";

const LEAST = 500; // ms on the glass before a turn counts: what merely flashed was shown to nobody
const GAP = 90_000; // ms between two looks, at most: what is longer the machine slept
export const MOST_DAYS = 15;
export const MOST_PAGES = 200; // of a day

const dayOf = (at) => local(at).slice(0, 10);

/** The turns of all regions. One that is covered and comes back is still the same; at midnight another begins. */
export class Turns {
  #open = new Map(); // by region

  /** What stands from now on: [{region, turn, pages: hashes}]. `at`: by the clock, `count`: by a counter that nobody sets, ms.
      Returns what became of what stood until now: [{pages, at: when the turn began, times: 1 when it begins to count, ms}]. */
  see(standing, at, count) {
    const rows = [...this.#open.values()].flatMap((one) => this.#until(one, count));
    for (const { region, turn, pages } of standing) {
      const key = `${dayOf(at)} ${turn} ${pages.join()}`;
      if (this.#open.get(region)?.key !== key) this.#open.set(region, { key, pages, at, ms: 0, counts: false });
      this.#open.get(region).since = count;
    }
    return rows;
  }

  #until(one, count) {
    if (one.since === undefined) return [];
    one.ms += Math.min(Math.max(count - one.since, 0), GAP);
    delete one.since;
    if (!one.counts && one.ms < LEAST) return [];
    const row = { pages: one.pages, at: one.at, times: one.counts ? 0 : 1, ms: Math.round(one.ms) };
    Object.assign(one, { counts: true, ms: 0 });
    return [row];
  }
}

/** Add a row of `Turns` to the days: {day: {hash: {times, ms, first, last}}}, where `first` and `last` are when turns began. The
    day; the oldest of what is too much falls out. */
export function add(days, { pages, at, times, ms }) {
  const day = dayOf(at);
  const counts = (days[day] ??= {});
  for (const page of pages) {
    const known = counts[page] ?? { times: 0, ms: 0, first: at, last: at };
    counts[page] = {
      times: Math.max(known.times + times, 1),
      ms: known.ms + ms,
      first: Math.min(known.first, at),
      last: Math.max(known.last, at),
    };
  }
  const oldest = Object.keys(counts).sort((one, other) => counts[other].last - counts[one].last);
  for (const page of oldest.slice(MOST_PAGES)) delete counts[page];
  for (const old of Object.keys(days).sort().reverse().slice(MOST_DAYS)) delete days[old];
  return day;
}
