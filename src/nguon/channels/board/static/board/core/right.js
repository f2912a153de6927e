/* The right to a screen that belongs to somebody else: outside its hours nothing is accepted, nor goes on. Pure. */

import { NEVER } from "./units.js";

/** Until when something may show that is to show at this moment: `at` itself if it may not, NEVER if always. */
export function until(state, at) {
  const { right } = state.settings;
  if (!right) return NEVER; // what was kept before there were rights has none
  return Math.max(at, ...right.spans.filter((span) => span.start <= at && at < span.end).map((span) => span.end));
}

/** Whether nothing may show at this moment. */
export const forbids = (state, at) => until(state, at) <= at;
