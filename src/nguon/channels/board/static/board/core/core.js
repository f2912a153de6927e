/* The core of a board: `step(state, event, now) → {state, effects}`. Pure: no clock, no disk, no network, no chance.

   It is the core of `nguon agent` in the language of browsers, rule for rule; a test drives both with the same
   happenings and compares everything they ask for. */

import * as agendas from "./agenda.js";
import * as ahead from "./ahead.js";
import * as doubts from "./doubts.js";
import * as orders from "./orders.js";
import * as plans from "./plans.js";
import * as power from "./power.js";
import * as right from "./right.js";
import * as sound from "./sound.js";
import { RESEND, Turn } from "./turn.js";
import { NEVER, SAVE, SECOND, jitter } from "./units.js";
import * as waiting from "./waiting.js";

const HANDLERS = {
  heard: orders.heard,
  tick,
  connected,
  disconnected: (turn) => turn.put({ connected: false }),
  "player-started": (turn, { go }) => sound.started(turn, go),
  "player-finished": (turn, { go, position }) => {
    plans.take(turn); // of what comes next, all that is due is to choose from
    sound.finished(turn, go, position);
  },
  "player-failed": (turn, { go, detail, position = null }) => {
    plans.take(turn);
    sound.failed(turn, go, detail, position);
  },
  fetched: (turn, { sha256 }) => ahead.fetched(turn, sha256),
  "fetch-failed": (turn, { sha256, reason, detail = "" }) => ahead.failed(turn, sha256, reason, detail),
  here: (turn, { sha256s, all = true }) => ahead.found(turn, sha256s, all),
  gone: (turn, { sha256 }) => ahead.gone(turn, sha256),
  "plan-came": (turn, { agenda }) => plans.came(turn, agenda),
  "plan-failed": plans.failed,
  metered: (turn, { used }) => ahead.metered(turn, used),
  measured: (turn, { signal }) => ahead.measured(turn, signal),
  "proof-sent": (turn, { broadcast }) => {
    turn.put({ proofs: turn.state.proofs.filter((one) => one !== broadcast) });
    turn.ask(SAVE);
  },
  "clock-moved": power.clockMoved,
  restored: power.restored,
};

/** What the board becomes by `event` at `now` (ms UTC), and what its shells must do, in this order. */
export function step(state, event, now) {
  const turn = new Turn(state, now);
  HANDLERS[event.type](turn, event);
  if (turn.state.agenda !== null && !turn.state.doubt && turn.effects.includes(SAVE)) turn.put({ seen: now });
  return { state: turn.state, effects: turn.effects };
}

const stamped = (state, now) => ({ id: now.toString(16).padStart(16, "0") + state.device.slice(16), at: now });

/** What is said of the line: true on connecting; false is left with the broker as the last will. */
export const presence = (state, online, now) => ({
  type: "presence",
  ...stamped(state, now),
  online,
  software: state.software || null,
});

/** Listen, say that we are here, and send everything that is not yet acknowledged. */
function connected(turn) {
  const { state, now } = turn;
  const within = Math.min(state.settings.vitals_every, 10) * SECOND;
  turn.put({ connected: true, vitalsAt: now + jitter(state.device, within) });
  turn.ask({ do: "subscribe", areas: state.settings.areas });
  turn.ask({ do: "send", what: "presence", message: presence(state, true, now) });
  resend(turn);
  turn.ask(...power.fetches(state));
  ahead.hurry(turn);
  plans.fetch(turn);
  sendProofs(turn, state);
}

const sendProofs = (turn, state) => turn.ask(...state.proofs.map((broadcast) => ({ do: "proof", broadcast })));

function resend(turn) {
  const { state } = turn;
  turn.put({ resendAt: turn.now + RESEND + jitter(state.device, 10 * SECOND) });
  turn.ask(...state.pending.map((message) => ({ do: "send", what: "receipt", message })));
}

function tick(turn) {
  plans.passing(turn);
  const { state, now } = turn;
  if (!state.connected) return;
  if (state.pending.length && now >= state.resendAt) resend(turn);
  doubts.tell(turn);
  if (now < state.vitalsAt) return;
  const every = state.settings.vitals_every * SECOND;
  const late = now - state.vitalsAt;
  turn.put({ vitalsAt: late < every ? state.vitalsAt + every : now + jitter(state.device, every) });
  turn.ask({ do: "send", what: "vitals", message: vitals(turn.state, now) });
  sendProofs(turn, state);
}

/** What the core knows of itself; the shell adds what it measures. */
const vitals = (state, now) => ({
  type: "vitals",
  ...stamped(state, now),
  volume: state.settings.volume,
  playing: state.sounding?.started ? state.sounding.broadcast : null,
  power: null,
  temperature: null,
  signal: null,
  disk_free: null,
  clock_offset: null,
  software: state.software || null,
  held: Object.keys(state.held).length,
  settings: state.settings.version,
  plan: state.plan,
  keys: state.ring.version,
  planned_until: state.agenda?.until ?? null,
  planned_ready: ahead.readyPercent(state, now),
  data_used: state.month ? state.dataUsed : null,
});

/** When (ms) after `now` the next tick can change anything; NEVER if nothing is waiting. */
export function dueAt(state, now) {
  const { agenda, sounding } = state;
  let due = NEVER;
  if (state.connected) due = Math.min(state.vitalsAt, state.pending.length ? state.resendAt : NEVER, doubts.due(state));
  if (sounding !== null) {
    due = Math.min(due, sounding.deadline, sounding.started ? state.saveAt : NEVER);
    due = Math.min(due, right.until(state, Math.max(now, sounding.at)));
  }
  for (const held of Object.values(state.held)) {
    if (sounding?.broadcast === held.order.id) continue;
    due = Math.min(due, waiting.ends(held, state), right.until(state, Math.max(now, waiting.due(held, state))));
    if (sounding === null || held.order.level > sounding.level) due = Math.min(due, waiting.nextChance(held, state, now));
  }
  return agenda === null ? due : Math.min(due, dueByPlan(state, agenda, now));
}

function dueByPlan(state, agenda, now) {
  let due = Math.min(plans.nextDue(state), state.fetchAt);
  if (!state.doubt) due = Math.min(due, state.seen + plans.SEEN_EVERY);
  const quiet = state.sounding === null ? null : agendas.quietAfter(agenda, now);
  return quiet === null ? due : Math.min(due, quiet.start);
}
