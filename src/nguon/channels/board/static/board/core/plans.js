/* The plan a board lives by: a newer one replaces it whole, and what is due in it is taken in hand. */

import * as agendas from "./agenda.js";
import * as ahead from "./ahead.js";
import * as doubts from "./doubts.js";
import * as sound from "./sound.js";
import { newHeld } from "./state.js";
import { HOUR, MINUTE, NEVER, SAVE, SECOND, hashOf, jitter } from "./units.js";
import * as waiting from "./waiting.js";

const PATIENCE = 24 * HOUR; // so long a document is tried for; the server announces it again
export const SEEN_EVERY = 10 * MINUTE; // how often the time is put on disk

/** There may be a newer plan. The same document under a higher number is in force at once. */
export function announced(turn, message) {
  const { state } = turn;
  const coming = state.announced?.version ?? 0;
  if (message.version <= state.plan || message.version < coming) {
    turn.log(`plan ${message.version} is not newer than ${Math.max(state.plan, coming)}`, "debug");
  } else if (message.document.sha256 === state.unread) {
    turn.log(`plan ${message.version} is the document that could not be read`, "debug");
  } else if (message.document.sha256 === state.agenda?.sha256) {
    turn.put({ plan: message.version, announced: null });
    tellSoon(turn);
    turn.ask(SAVE);
  } else {
    if (message.version > coming) {
      turn.put({ announced: message });
      turn.ask(SAVE);
    }
    fetch(turn);
  }
}

/** Ask for the document that was announced, if there is one. Asking again is harmless, and ends a pause. */
export function fetch(turn) {
  const message = turn.state.announced;
  if (message !== null) turn.ask({ do: "fetch-plan", document: message.document, until: turn.now + PATIENCE });
}

/** It did not come, or is none: the old plan stays. */
export function failed(turn, { sha256, detail = "", unreadable = false, doubt = null }) {
  turn.log(`the plan ${sha256.slice(0, 12)} is not used: ${detail.slice(0, 200)}`, "warning");
  if (doubt !== null) doubts.note(turn, doubt, sha256);
  const { state } = turn;
  if (unreadable) turn.put({ unread: sha256 });
  if (state.announced?.document.sha256 === sha256) turn.put({ announced: null });
  turn.ask(SAVE);
}

/** A plan is here: it replaces the old one whole, but for what has begun. */
export function came(turn, agenda) {
  const message = turn.state.announced;
  if (message?.document.sha256 !== agenda.sha256) {
    turn.log(`the plan ${agenda.sha256.slice(0, 12)} came too late: a newer one is on its way`, "debug");
    return;
  }
  passing(turn); // what was due by the old one is judged by the old one
  letGo(turn);
  turn.put({ agenda, plan: message.version, announced: null, taken: agendas.keptFrom(turn.now), unread: "" });
  turn.put({ plannedFrom: turn.state.plannedFrom || turn.now });
  turn.log(`plan ${message.version} is in force: ${agenda.plays.length} plays`);
  turn.ask(SAVE);
  ahead.begin(turn);
  passing(turn);
  tellSoon(turn);
}

/** The server is to hear of it soon, and not of all boards at once. */
export function tellSoon(turn) {
  const { state } = turn;
  const soon = turn.now + jitter(state.device, 5 * SECOND);
  turn.put({ vitalsAt: state.vitalsAt ? Math.min(state.vitalsAt, soon) : soon });
}

const unbegun = (held) => held.planned && !held.since;

/** What was taken in hand and has not begun is no longer held; without a word. */
function letGo(turn) {
  const { held, sounding } = turn.state;
  const kept = Object.entries(held).filter(([key, one]) => !unbegun(one) || key === sounding?.broadcast);
  turn.put({ held: Object.fromEntries(kept) });
}

/** The clock or the power has changed what has not begun: it is taken in hand anew. */
export function takeAgain(turn) {
  const { state } = turn;
  const starts = Object.values(state.held).filter(unbegun).map((held) => held.order.start - 1);
  letGo(turn);
  turn.put({ taken: Math.min(state.taken, turn.now, ...starts) });
}

/** What time does: the plan's plays come due, what shows ends, begins, or is too late. */
export function passing(turn) {
  take(turn);
  if (Object.keys(turn.state.held).length) sound.passing(turn);
  const { state } = turn;
  if (state.agenda === null) return;
  if (turn.now >= state.fetchAt) ahead.look(turn);
  if (turn.now >= state.seen + SEEN_EVERY && !state.doubt) turn.ask(SAVE);
}

/** The clock was ahead: what was given up by it, unseen, and is still to come, is to come again. */
export function revive(turn) {
  const { state } = turn;
  if (state.agenda === null) return;
  const coming = new Set(
    state.agenda.plays.filter((play) => (play.begin_by || play.expires) > turn.now).map((play) => play.id),
  );
  const unseen = (end) => ["expired", "refused"].includes(end.stage) && end.position === 0;
  const kept = Object.entries(state.over).filter(([key, end]) => !coming.has(key) || !unseen(end));
  turn.put({ over: Object.fromEntries(kept) });
}

/** Take in hand what is due by now, each once. What can no longer be shown is told by `sound.passing`. */
export function take(turn) {
  const { state } = turn;
  if (state.agenda === null || nextDue(state) > turn.now) return;
  const { plays } = state.agenda;
  const early = state.settings.warm_up - state.settings.stagger;
  let index = agendas.after(plays, state.taken);
  while (index < plays.length && plays[index].start - early <= turn.now) {
    takeOne(turn, plays[index], state.agenda.made);
    index += 1;
  }
  turn.put({ taken: Math.max(plays[index - 1].start, state.taken) });
}

function takeOne(turn, order, made) {
  const { state } = turn;
  if (order.id in state.held || order.id in state.over) return;
  const held = newHeld(order, { ready: order.stream !== null || hashOf(order) in state.here, planned: true });
  const start = waiting.due(held, state);
  held.byClock = start < state.upAt || (state.blind[0] <= start && start < state.blind[1]);
  if (waiting.ends(held, state) <= Math.max(made, state.plannedFrom)) return; // over before there was this plan, or any
  turn.hold(held);
  if (order.at <= state.hushedAt && order.start <= state.hushedAt) {
    sound.over(turn, order.id, "stopped", { reason: "stopped" });
  } else if (waiting.ends(held, state) <= turn.now) {
    let why = waiting.whyNot(held, state, turn.now);
    if (why.reason !== "off" && why.reason !== "clock") {
      why = { stage: "expired", reason: "late", detail: "it came with a plan when its time was over" };
    }
    sound.over(turn, order.id, why.stage, why);
  }
}

/** When the next play of the plan is to be taken in hand; NEVER if there is none. */
export function nextDue(state) {
  if (state.agenda === null) return NEVER;
  const next = state.agenda.plays[agendas.after(state.agenda.plays, state.taken)];
  return next ? next.start + state.settings.stagger - state.settings.warm_up : NEVER;
}
