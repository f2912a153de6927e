/* When nothing is to be shown: the hour and the day, calm, and each minute a little elsewhere. */

import { boardOf } from "./frame.js";
import { element } from "./parts.js";

/** Build it in `root`. `words`: whose board it is, or nothing. */
export function idleIn(root, box, words) {
  const board = boardOf("idle", box);
  const clock = element("div", "clock");
  clock.dataset.wanders = "";
  const hour = element("time", "clock-hour");
  hour.dataset.hour = "";
  clock.append(hour);
  const beside = box.width >= 3 * box.height; // the day beside the hour
  clock.dataset.way = beside ? "beside" : "below";
  if (beside ? box.height >= 64 : box.width >= 160) {
    const day = element("p", "clock-date");
    day.dataset.date = "";
    clock.append(day);
    if (words && box.height >= 240) clock.append(element("p", "clock-words", words));
  }
  board.append(clock);
  const share = beside ? 0.66 : 0.36;
  board.style.setProperty("--clock", `${Math.min(box.height * share, box.width / (beside ? 5.5 : 3.4))}px`);
  root.replaceChildren(board);
}
