/* Power-up, and the clock: what a board may believe of the time, and what a change of it means. */

import * as ahead from "./ahead.js";
import * as plans from "./plans.js";
import { SAVE, SECOND, SKEW } from "./units.js";

const UNSAVED_MOST = 1_000; // receipts told after the last save, at most

const mapped = (map, change) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));

/** Power-up. Nothing shows and there is no line; what is held is fetched again (a matter of looking at the disk). */
export function restored(turn, { proof = false, checked = false }) {
  const { state, now } = turn;
  const held = mapped(state.held, (one) => ({ ...one, ready: one.order.stream !== null, byClock: one.planned }));
  const lastSeq = Math.max(state.lastSeq ? state.lastSeq + UNSAVED_MOST : 0, now - 1);
  turn.put({ held, lastSeq, sounding: null, connected: false, proof, vitalsAt: 0 });
  turn.put({ upAt: now, blind: [0, 0], here: {}, unread: "", doubt: false, goodSince: 0 });
  believe(turn, checked, now);
  plans.takeAgain(turn);
  turn.ask(...fetches(turn.state));
  ahead.begin(turn);
  plans.fetch(turn);
  plans.take(turn);
  turn.ask(SAVE);
}

/** What counts from our own past moments moves along; what the server named stands. */
export function clockMoved(turn, { by, checked }) {
  const { state } = turn;
  turn.put({
    vitalsAt: state.vitalsAt && Math.max(state.vitalsAt + by, 1),
    resendAt: Math.max(state.resendAt + by, 0),
    saveAt: Math.max(state.saveAt + by, 0),
    fetchAt: turn.now,
    upAt: Math.max(state.upAt + by, 0),
    goodSince: moved(state.goodSince, by),
    held: mapped(state.held, (held) => ({ ...held, since: moved(held.since, by) })),
    here: mapped(state.here, (at) => at + by),
    troubles: mapped(state.troubles, (trouble) => ({ ...trouble, again: trouble.again + by })),
  });
  const { sounding } = state;
  if (sounding !== null) {
    const [since, deadline, at] = [sounding.since + by, sounding.deadline + by, sounding.at + by];
    turn.put({ sounding: { ...sounding, since, deadline, at } });
  }
  const doubted = state.doubt;
  // One that fell back at power-up is behind by what was on before; one that is set while we run may be set a little.
  believe(turn, checked, doubted ? turn.state.upAt : turn.now + SKEW);
  if (!turn.state.doubt && (doubted || by > SECOND)) {
    turn.put({ blind: [doubted ? turn.state.upAt : turn.now - by, turn.now] });
  }
  if (by < 0 && checked) plans.revive(turn);
  plans.takeAgain(turn);
  plans.passing(turn);
}

const moved = (since, by) => (since ? Math.max(since + by, 1) : 0);

/** A clock that nobody checked, and that is before what is remembered, cannot be right. */
function believe(turn, checked, earliest) {
  const { state } = turn;
  const before = earliest < state.seen || (state.agenda !== null && state.agenda.made > turn.now + SKEW);
  const doubt = before && !checked;
  if (doubt && !state.doubt) {
    turn.log("the clock is earlier than what is remembered, and nobody has checked it", "warning");
  }
  turn.put({ checked, doubt, seen: doubt ? state.seen : turn.now, checkedAt: checked ? turn.now : state.checkedAt });
}

/** What is still to come. Asking again is harmless, and ends a pause between two tries. */
export const fetches = (state) =>
  Object.values(state.held)
    .filter((held) => held.order.content !== null && !held.ready)
    .map((held) => ({ do: "fetch", content: held.order.content, until: held.order.expires }));
