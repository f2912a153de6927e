/* How bright a board shows by the hour: as its plan says, with the network or without. */

import { most } from "../core/agenda.js";
import { isFree } from "../core/units.js";

/** Percent, at this moment. An emergency, and no drill of one, is as bright as the screen can be; so is a board without a plan
    or without a clock it can trust. */
export function lightOf({ agenda, sounding, held, doubt }, now) {
  const order = sounding && held[sounding.broadcast]?.order;
  if (!agenda || doubt || (order && isFree(order))) return 100;
  return most(agenda, now);
}
