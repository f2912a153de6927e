/* One thing at a time, by the ladder: what plays, what waits, what breaks off and goes on later. */

import * as agendas from "./agenda.js";
import * as right from "./right.js";
import { positionOf } from "./state.js";
import { HOUR, SAVE, SECOND, durationOf, hashOf, isFree } from "./units.js";
import * as waiting from "./waiting.js";

const GRACE = 5 * SECOND; // a file ends this long after its declared duration at the latest
const LONGEST = 4 * HOUR; // and after this at the latest, whatever its order declares
const START_WITHIN = 15 * SECOND; // a player that has not begun by then has failed
const STREAM_WITHIN = 60 * SECOND;
const SAVE_EVERY = 10 * SECOND; // how much is shown twice after a loss of power, at most
const NOT_OURS = { reason: "right", detail: "outside the hours of the right to this screen" };
const SHORT = 3 * SECOND; // what ends this much (or a tenth) too early was not finished
const PROOFS_MOST = 200;

/** Let the first of the ladder play. A higher level breaks off a lower one; the same level waits its turn. */
export function choose(turn) {
  const best = first(turn.state, turn.now);
  if (best === null) return;
  const { sounding } = turn.state;
  if (sounding !== null) {
    if (sounding.level >= best.order.level) return;
    preempt(turn, sounding);
  }
  start(turn, best);
}

function first(state, now) {
  const due = Object.values(state.held).filter(
    (held) => held.order.id !== state.sounding?.broadcast && waiting.moment(held, state, now) !== null,
  );
  return due.reduce((best, held) => (best === null || precedes(held, best) ? held : best), null);
}

const rank = ({ order, position, since }) => [-order.level, position > 0 || since > 0 ? 0 : 1, order.start, order.at, order.id];

function precedes(one, two) {
  const [mine, other] = [rank(one), rank(two)];
  const index = mine.findIndex((value, place) => value !== other[place]);
  return index >= 0 && mine[index] < other[index];
}

function start(turn, held) {
  const { state } = turn;
  const { order } = held;
  const at = Math.max(turn.now, waiting.due(held, state));
  const offset = waiting.offset(held, state, at);
  const deadline = at + state.settings.warm_up + (order.stream === null ? START_WITHIN : STREAM_WITHIN);
  const go = state.goes + 1;
  const sounding = { broadcast: order.id, go, level: order.level, offset, since: turn.now, deadline, started: false, at };
  turn.put({ goes: go, sounding });
  turn.ask({ do: "start", go, order, offset, volume: volume(state, order, at), at });
}

/** That of the order, else that of the settings; and no more than the hour allows, but for emergencies. */
function volume(state, order, at) {
  const wanted = order.volume ?? state.settings.volume;
  return state.agenda === null || isFree(order) ? wanted : Math.min(wanted, agendas.most(state.agenda, at));
}

function preempt(turn, sounding) {
  const position = silence(turn, sounding.broadcast);
  const held = turn.state.held[sounding.broadcast];
  if (!sounding.started) return; // nothing was shown: it simply waits again
  if (durationOf(held.order) - position <= waiting.SCRAP) {
    over(turn, sounding.broadcast, "finished", { position }); // all but its last moment was shown
    return;
  }
  turn.hold({ ...held, stage: "preempted", position });
  turn.tell(sounding.broadcast, "preempted", { position });
  turn.ask(SAVE);
}

/** If this broadcast plays, end that at once. Returns how far it came (0 if it did not play). */
export function silence(turn, broadcast) {
  const { sounding } = turn.state;
  if (sounding === null || sounding.broadcast !== broadcast) return 0;
  turn.ask({ do: "stop", go: sounding.go });
  turn.put({ sounding: null });
  return Math.min(positionOf(sounding, turn.now), durationOf(turn.state.held[broadcast].order));
}

/** It shows. A stream keeps the beginning it had; a file that went by the clock goes on from here. */
export function started(turn, go) {
  const { sounding } = turn.state;
  if (sounding === null || sounding.go !== go || sounding.started) return;
  const held = turn.state.held[sounding.broadcast];
  const { order } = held;
  let since = turn.now - sounding.offset;
  if (order.stream !== null) since = waiting.beginning(held, turn.state) || since;
  const grace = order.stream === null ? GRACE : 0; // a stream has no end of its own to wait for
  const deadline = turn.now + Math.min(Math.max(durationOf(order) - sounding.offset, 0), LONGEST) + grace;
  turn.put({ sounding: { ...sounding, started: true, since: turn.now, deadline }, saveAt: turn.now + SAVE_EVERY });
  turn.hold({ ...held, stage: "started", since, byClock: false });
  turn.tell(sounding.broadcast, "started", { position: sounding.offset, sha256: hashOf(order) });
  turn.ask(SAVE);
}

/** The player came to the end. Far too early is no end: nobody saw it out. */
export function finished(turn, go, position) {
  const { sounding } = turn.state;
  if (sounding === null || sounding.go !== go) return;
  const duration = durationOf(turn.state.held[sounding.broadcast].order);
  if (position + Math.max(SHORT, Math.floor(duration / 10)) < duration) {
    failed(turn, go, `ended after ${position} of ${duration} ms`);
    return;
  }
  turn.put({ sounding: null });
  over(turn, sounding.broadcast, "finished", { position });
  choose(turn);
}

/** The player gave up. `shown`: how far (ms) it was shown, if not until now. */
export function failed(turn, go, detail, shown = null) {
  const { sounding } = turn.state;
  if (sounding === null || sounding.go !== go) return;
  let position = positionOf(sounding, turn.now);
  if (shown !== null) position = Math.min(position, Math.max(shown, sounding.offset));
  const reason = blamed(turn.state.held[sounding.broadcast]);
  turn.put({ sounding: null });
  over(turn, sounding.broadcast, "failed", { reason, detail, position });
  choose(turn);
}

/** Whose fault it is that nothing shows: of a stream, its addresses'. */
const blamed = (held) => (held.order.stream === null ? "player" : "relay");

/** A held broadcast has come to its last stage: remembered and saved before it is told. */
export function over(turn, broadcast, stage, { reason = "", detail = "", position = 0 } = {}) {
  const { order } = turn.state.held[broadcast];
  turn.end(broadcast, stage, order.expires, { reason, position });
  turn.ask(SAVE);
  const sha256 = stage === "finished" ? hashOf(order) : null;
  turn.tell(broadcast, stage, { reason, detail, position, sha256 });
  oweProof(turn, broadcast, position);
}

/** What was shown, even in part, is owed to the server if proofs are wanted. */
export function oweProof(turn, broadcast, position) {
  const { state } = turn;
  if (position <= 0 || !(state.proof || state.settings.proof)) return;
  turn.put({ proofs: [...state.proofs, broadcast].slice(-PROOFS_MOST) });
  turn.ask({ do: "proof", broadcast });
}

/** Contents are here: every broadcast that waits for one of them is ready. First the picture, then words and disk. */
export function ready(turn, sha256s) {
  const news = [];
  for (const held of Object.values(turn.state.held)) {
    if (!sha256s.includes(hashOf(held.order)) || held.ready) continue;
    const isNew = held.stage === "received" && !held.planned;
    turn.hold({ ...held, ready: true, stage: isNew ? "ready" : held.stage });
    if (isNew) news.push(held.order);
  }
  choose(turn);
  for (const order of news) {
    if (order.id !== turn.state.sounding?.broadcast) turn.tell(order.id, "ready", { sha256: hashOf(order) });
  }
  if (news.length) turn.ask(SAVE);
}

/** A content will not come: every order that waits for it has failed. What is planned waits for its time. */
export function fetchFailed(turn, sha256, reason, detail) {
  for (const held of Object.values(turn.state.held)) {
    if (hashOf(held.order) !== sha256 || held.ready || held.planned) continue;
    over(turn, held.order.id, "failed", { reason, detail, position: held.position });
  }
}

/** A content is no longer here: what would have to begin with it waits for it again. */
export function gone(turn, sha256) {
  const { sounding } = turn.state;
  for (const held of Object.values(turn.state.held)) {
    if (hashOf(held.order) === sha256 && sounding?.broadcast !== held.order.id) turn.hold({ ...held, ready: false });
  }
}

/** What time does: the longest duration, quiet hours, expiry, the place to go on from without power. */
export function passing(turn) {
  endTooLong(turn);
  beQuiet(turn);
  leave(turn);
  expire(turn);
  notePosition(turn);
  choose(turn);
  expire(turn); // what was broken off just now may have no time left
}

function endTooLong(turn) {
  const { sounding } = turn.state;
  if (sounding === null || turn.now < sounding.deadline) return;
  const held = turn.state.held[sounding.broadcast];
  const position = silence(turn, sounding.broadcast);
  let detail = `cut off: it did not end within ${GRACE / SECOND} s of its duration`;
  if (!sounding.started) {
    detail = `the player did not start within ${Math.floor((sounding.deadline - sounding.at) / SECOND)} s`;
  } else if (held.order.stream !== null && position >= durationOf(held.order)) {
    over(turn, sounding.broadcast, "finished", { position }); // its time is over, as it should be
    return;
  }
  over(turn, sounding.broadcast, "failed", { reason: blamed(held), detail, position });
}

/** In quiet hours nothing goes on but emergencies. What may end anywhere ends, the rest waits. */
function beQuiet(turn) {
  const { agenda, held, sounding } = turn.state;
  if (sounding === null || agenda === null) return;
  const { order } = held[sounding.broadcast];
  if (isFree(order) || agendas.quietAt(agenda, Math.max(turn.now, sounding.at)) === null) return;
  const left = durationOf(order) - positionOf(sounding, turn.now);
  if (sounding.started && left <= waiting.TAIL) {
    const position = silence(turn, order.id);
    over(turn, order.id, "finished", { position });
  } else if (sounding.started && order.cut) {
    const position = silence(turn, order.id);
    over(turn, order.id, "expired", { reason: "quiet", detail: "ended by quiet hours", position });
  } else {
    preempt(turn, sounding);
  }
}

/** The screen is its owner's again: whatever shows ends. */
function leave(turn) {
  const { sounding } = turn.state;
  if (sounding === null || !right.forbids(turn.state, Math.max(turn.now, sounding.at))) return;
  const position = silence(turn, sounding.broadcast);
  over(turn, sounding.broadcast, "expired", { ...NOT_OURS, position });
}

function expire(turn) {
  const { sounding } = turn.state;
  for (const held of Object.values(turn.state.held)) {
    if (sounding?.broadcast === held.order.id) continue;
    const late = waiting.ends(held, turn.state) <= turn.now;
    if (!late && !right.forbids(turn.state, Math.max(turn.now, waiting.due(held, turn.state)))) continue;
    const { stage, reason, detail } = late ? waiting.whyNot(held, turn.state, turn.now) : { stage: "expired", ...NOT_OURS };
    over(turn, held.order.id, stage, { reason, detail, position: held.position });
  }
}

function notePosition(turn) {
  const { sounding } = turn.state;
  if (sounding === null || !sounding.started || turn.now < turn.state.saveAt) return;
  const held = turn.state.held[sounding.broadcast];
  const position = Math.min(positionOf(sounding, turn.now), durationOf(held.order));
  turn.hold({ ...held, position });
  turn.put({ saveAt: turn.now + SAVE_EVERY });
  turn.ask(SAVE);
}
