/* Of what is held: what may show at a moment, from where, until when, and why it did not. Pure. */

import * as agendas from "./agenda.js";
import * as right from "./right.js";
import { NEVER, SECOND, SKEW, durationOf, hashOf, isFree, local } from "./units.js";

export const TAIL = 5 * SECOND; // so much may be missing where quiet hours begin: players are not exact
export const SCRAP = SECOND; // less than that is not begun in its middle

/** When it is to begin; 0 for an order to play at once. */
export const due = (held, state) => held.order.start + (held.planned ? state.settings.stagger : 0);

/** Whether it goes on where the clock is: a stream always, a file after a loss of power. */
export const byClock = (held) => held.byClock || held.order.stream !== null;

/** When its beginning was shown, or would have been; 0 if that is open. */
export const beginning = (held, state) => held.since || (held.planned ? due(held, state) : 0);

/** How far into it the player is to begin at this moment. */
export function offset(held, state, at) {
  if (!byClock(held)) return held.position;
  const since = beginning(held, state);
  return since ? Math.min(Math.max(at - since, 0), durationOf(held.order)) : 0;
}

/** From this moment on it does not begin, nor go on, any more. */
export function ends(held, state) {
  const { order } = held;
  const since = byClock(held) ? beginning(held, state) : 0;
  let found = order.expires;
  if (since) found = Math.min(found, since + Math.max(durationOf(order) - SCRAP, 1));
  if (held.planned && !held.since && !held.byClock && order.begin_by) found = Math.min(found, order.begin_by + 1);
  return found;
}

/** How long before it the screen or amplifier is to be switched on: not at all while something shows. */
const lead = (state) => (state.sounding === null ? state.settings.warm_up : 0);

/** When it would begin if it were chosen now; null if it may not be. */
export function moment(held, state, now) {
  const at = Math.max(now, due(held, state));
  if (!held.ready || at - lead(state) > now || ends(held, state) <= at || misled(held, state, now)) return null;
  if (right.forbids(state, at)) return null;
  return inQuiet(held, state, at) === null ? at : null;
}

const misled = (held, state, now) =>
  !state.checked && (aheadOf(now, held.order) || (held.planned && state.doubt));

/** Whether an order was issued in our future: then our clock is behind. */
export const aheadOf = (now, order) => order.at > now + SKEW;

/** The quiet hours that stand in the way from this moment on: there now, or before it would end. */
export function inQuiet(held, state, at) {
  const { order } = held;
  if (state.agenda === null || isFree(order)) return null;
  const here = agendas.quietAt(state.agenda, at);
  if (here !== null || order.cut) return here;
  const coming = agendas.quietAfter(state.agenda, at);
  const left = durationOf(order) - offset(held, state, at);
  return coming !== null && at + left > coming.start + TAIL ? coming : null;
}

/** When, after now, it may be able to show, as far as that is a matter of time. */
export function nextChance(held, state, now) {
  if (!held.ready || (held.planned && state.doubt && !state.checked)) return NEVER;
  let at = due(held, state) - lead(state);
  if (!state.checked) at = Math.max(at, held.order.at - SKEW);
  if (at > now) return at;
  if (state.agenda === null || isFree(held.order)) return NEVER;
  const span = agendas.quietAt(state.agenda, now) ?? agendas.quietAfter(state.agenda, now);
  return span === null ? NEVER : span.end;
}

/** What is told of a broadcast whose time is over though it was not shown, or not to its end. */
export function whyNot(held, state, now) {
  if (!held.planned) {
    const quiet = held.ready && inQuiet(held, state, Math.min(now, held.order.expires)) !== null;
    return { stage: "expired", reason: quiet ? "quiet" : held.ready ? "late" : "fetch", detail: "" };
  }
  const [over, start] = [ends(held, state), due(held, state)];
  if (over <= state.upAt) return { stage: "expired", reason: "off", detail: "no power at that time" };
  if (state.doubt || (start >= state.blind[0] && over <= state.blind[1])) {
    const stage = held.since ? "expired" : "refused";
    return { stage, reason: "clock", detail: "the time was not known well enough" };
  }
  if (!held.ready) return unfetched(held, state);
  const { sounding } = state;
  if (sounding !== null && sounding.broadcast !== held.order.id) {
    const detail = `${sounding.broadcast} of level ${sounding.level} sounded until then`;
    return { stage: "expired", reason: "busy", detail };
  }
  const span = inQuiet(held, state, Math.min(now, over));
  if (span !== null) {
    const detail = `quiet hours ${local(span.start)} to ${local(span.end)} in the way`;
    return { stage: "expired", reason: "quiet", detail };
  }
  return { stage: "expired", reason: "late", detail: `${now - start} ms after its start` };
}

function unfetched(held, state) {
  const trouble = state.troubles[hashOf(held.order) ?? ""];
  if (!trouble) return { stage: "expired", reason: "fetch", detail: "the file was not here in time" };
  return { stage: trouble.reason === "fetch" ? "expired" : "failed", reason: trouble.reason, detail: trouble.detail };
}
