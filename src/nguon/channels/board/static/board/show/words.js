/* The few words that a board says of its own. They are Vietnamese whatever language the office works in: residents read them. */

import { MINUTE, local } from "../core/units.js";

export const DRILL = "DIỄN TẬP";
export const ISSUED = "Phát lúc";
export const MAP = "Bản đồ khu vực cảnh báo";
const LATE = 20; // ms: a timer may come a little early
const DAYS = ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"];

/** "14:05" */
export const hourOf = (at) => local(at).slice(11);

/** "Thứ năm, 26/11/2026" */
export function dateOf(at) {
  const day = local(at).slice(0, 10);
  return `${DAYS[new Date(day).getUTCDay()]}, ${day.split("-").reverse().join("/")}`;
}

/** Write the time wherever in `root` it stands; how long (ms) that is right. */
export function tellTime(root, at) {
  for (const place of root.querySelectorAll("[data-hour]")) place.textContent = hourOf(at);
  for (const place of root.querySelectorAll("[data-date]")) place.textContent = dateOf(at);
  for (const place of root.querySelectorAll("[data-wanders]")) wander(place, Math.floor(at / MINUTE));
  return MINUTE - (at % MINUTE) + LATE;
}

/** A little elsewhere each minute, so that no picture burns into the glass; -1 to 1 of what the style allows. */
function wander(place, minute) {
  place.style.setProperty("--dx", ((minute * 5) % 13) / 6 - 1);
  place.style.setProperty("--dy", ((minute * 3) % 11) / 5 - 1);
}
