/* What shows in a region at a moment, and why the rest does not: `channels/board/scene_rules.py` once more, rule for rule. Pure;
   times are ms UTC. */

import { MINUTE, ZONE } from "../../core/units.js";

const DAY = 1440 * MINUTE;
const THURSDAY = 3; // 1970-01-01 was one; Monday is 0

/** Why an item does not hold at a moment, were there no other; empty if it does. */
function whyAlone(item, at) {
  if (at < item.since) return "before";
  if (item.until && at >= item.until) return "after";
  let day = Math.floor((at + ZONE) / DAY);
  const minute = Math.floor((at + ZONE - day * DAY) / MINUTE);
  const { begins, ends, weekdays } = item;
  if (begins < ends && !(begins <= minute && minute < ends)) return "hours";
  if (begins > ends && ends <= minute && minute < begins) return "hours";
  if (begins > ends && minute < ends) day -= 1; // its hours began yesterday
  return weekdays.length && !weekdays.includes((day + THURSDAY) % 7) ? "weekday" : "";
}

/** The same for all items of a region, each seen beside the others. */
export function why(items, at) {
  const alone = items.map((item) => whyAlone(item, at));
  const first = Math.max(0, ...items.filter((_, index) => alone[index] === "").map((item) => item.priority));
  return items.map((item, index) => (alone[index] === "" && item.priority < first ? "outranked" : alone[index]));
}

/** The numbers of the items that take turns at a moment. */
export const running = (items, at) => [...why(items, at).entries()].filter(([, one]) => one === "").map(([index]) => index);

/** Whose turn it is: {index, moment, left}; null if no item holds. By the clock alone, so that all boards of a place show the same. */
export function turnOf(items, at) {
  const found = running(items, at);
  let within = at % found.reduce((sum, index) => sum + items[index].length, 0);
  for (const index of found) {
    const { length } = items[index];
    if (within < length) return { index, moment: within, left: length - within };
    within -= length;
  }
  return null;
}
