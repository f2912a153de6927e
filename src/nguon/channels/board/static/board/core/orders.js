/* What the server says: play, stop, settings, keys, plans, acknowledgements. */

import { Untrusted, doubtOf, learn, outranked, rankOf, topOnly } from "../wire/trust.js";
import * as agendas from "./agenda.js";
import * as ahead from "./ahead.js";
import * as doubts from "./doubts.js";
import * as plans from "./plans.js";
import * as right from "./right.js";
import * as sound from "./sound.js";
import { newHeld } from "./state.js";
import { SAVE, SECOND, SKEW, isFree, jitter } from "./units.js";
import * as waiting from "./waiting.js";

const SURE_FOR = 5 * SECOND; // so long after the time was asked for nobody has set a clock meanwhile
const HELD_MOST = 500; // broadcasts held at once; more are refused, so that no flood fills memory or disk

/** One message from above, opened by `hear.js`. What cannot be understood or believed is counted, told, and disturbs
    nothing. */
export function heard(turn, { message, by, digest, doubt, kid = "" }) {
  try {
    if (doubt) throw new Untrusted(doubt, kid);
    if (by === null) acknowledged(turn, message); // unsigned: who holds the broker could withhold receipts as well
    else take(turn, message, by, digest);
  } catch (error) {
    if (!(error instanceof Untrusted)) throw error;
    const known = error.reason !== "key-over" || turn.state.checked;
    doubts.note(turn, known ? error.reason : "clock", digest, { kid: error.kid });
  }
}

/** What was signed by somebody who counts; whether they count for this is asked here. Throws Untrusted. */
function take(turn, message, by, digest) {
  const { state } = turn;
  const toOne = ["settings", "keys", "new-plan"].includes(message.type);
  if (toOne && message.device !== state.device) throw new Untrusted("not-for-me"); // said to another, and brought here
  if (message.type === "play" || message.type === "stop") order(turn, message, by, digest);
  else if (message.type === "settings") {
    if (topOnly(state.ring, by)) throw new Untrusted("rank");
    if (message.version < state.settings.version) throw new Untrusted("replayed");
    settings(turn, message);
  } else if (message.type === "new-plan") {
    if (by.authorities.length === 0) throw new Untrusted("rank");
    if (message.version < state.plan) throw new Untrusted("replayed");
    plans.announced(turn, message);
  } else if (message.type === "keys") keys(turn, message, by);
  else acknowledged(turn, message);
}

function keys(turn, message, by) {
  const { ring } = turn.state;
  if (message.version === ring.version) return; // sent again
  turn.put({ ring: learn(ring, message, by) });
  turn.log(`keys ${message.version} are in force: ${message.authorities.length} authorities`);
  turn.ask(SAVE);
  plans.tellSoon(turn);
}

/** An order for another channel is nobody's fault: a broker of another make may deliver more than was asked for. */
function order(turn, message, by, digest) {
  const { state } = turn;
  const reason = doubtOf(state.ring, message, by);
  if (reason) {
    doubts.note(turn, reason, digest, { order: message.id });
    return;
  }
  if (message.channel !== state.channel) {
    turn.log(`an order for another channel (${message.channel})`, "debug");
    return;
  }
  if (message.type === "stop") {
    stop(turn, message, rankOf(state.ring, by), digest);
    return;
  }
  const issuer = message.issuer ?? "";
  const highest = state.numbers[issuer] ?? 0;
  const known = message.id in state.held || message.id in state.over;
  if (!known && message.expires <= turn.now && message.seq <= highest) {
    doubts.note(turn, "replayed", digest, { order: message.id }); // it was over, and is forgotten: somebody kept it
    return;
  }
  play(turn, message, digest);
  const taken = message.id in turn.state.held || message.id in turn.state.over;
  if (taken && message.seq > highest) turn.put({ numbers: { ...turn.state.numbers, [issuer]: message.seq } });
}

/** Whether it names this board or one of its areas. */
const isForMe = (state, message) =>
  message.devices.includes(state.device) || message.areas.some((area) => state.settings.areas.includes(area));

function play(turn, message, digest) {
  if (message.id in turn.state.over && stoppedFromBelow(turn.state, message)) {
    const { [message.id]: _gone, ...over } = turn.state.over;
    turn.put({ over });
  }
  const { state, now } = turn;
  const { id } = message;
  const untimely = Math.max(message.at, message.not_before) > now + SKEW;
  if (id in state.held || id in state.over) {
    answerAgain(turn, id);
  } else if (!isForMe(state, message)) {
    doubts.note(turn, "not-for-me", digest, { order: id });
    refuse(turn, message, "not-for-me");
  } else if (!state.checked && (waiting.aheadOf(now, message) || message.expires <= now)) {
    turn.log(`broadcast ${id} shows that our clock is wrong, and nobody has checked it`, "warning");
    refuse(turn, message, "clock"); // the server sends nothing expired, and nothing from the future
  } else if (untimely) {
    doubts.note(turn, "future", digest, { order: id });
    refuse(turn, message, "future");
  } else if (Math.max(message.at, message.start) <= hushed(state, message)) {
    turn.tell(id, "stopped", { reason: "stopped" });
    turn.end(id, "stopped", message.expires, { reason: "stopped" });
    turn.ask(SAVE);
  } else if (message.expires <= now) {
    late(turn, message, digest);
  } else if (right.forbids(state, Math.max(message.start, now))) {
    doubts.note(turn, "right", digest, { order: id }); // somebody else's screen, and not our hour
    refuse(turn, message, "right");
  } else if (Object.keys(state.held).length >= HELD_MOST) {
    refuse(turn, message, "disk");
  } else {
    accept(turn, message);
  }
}

/** The server sends nothing that is over: it was kept back, or a clock was set, ours or the server's. Until the time
    was asked for it is not given up: the server sends again what was refused for its time. */
function late(turn, message, digest) {
  doubts.note(turn, "late", digest, { order: message.id });
  if (turn.now - turn.state.checkedAt > SURE_FOR) {
    turn.put({ checked: false });
    refuse(turn, message, "late");
    return;
  }
  turn.tell(message.id, "expired", { reason: "late" });
  turn.end(message.id, "expired", message.expires, { reason: "late" });
  turn.ask(SAVE);
}

/** When silence was last ordered that this order must heed: an emergency heeds none from below its issuer. */
function hushed(state, message) {
  if (!isFree(message)) return state.hushedAt;
  const heeded = Object.entries(state.hushedBy).filter(([rank]) => !outranked(state.ring, message, Number(rank)));
  return Math.max(0, ...heeded.map(([, at]) => at));
}

/** Keep it, and say so. A stream is ready at once; a file has to come. */
function accept(turn, message) {
  turn.hold(newHeld(message, { ready: message.stream !== null }));
  if (message.content !== null) turn.ask({ do: "fetch", content: message.content, until: message.expires });
  turn.ask(SAVE); // before it is told: the server does not repeat what was received
  turn.tell(message.id, "received");
  if (message.stream !== null) sound.choose(turn);
}

/** Refused, and not remembered: the same order may be right later. One unacknowledged refusal is enough. */
function refuse(turn, message, reason) {
  if (turn.state.pending.some((receipt) => receipt.broadcast === message.id)) return;
  turn.tell(message.id, "refused", { reason });
  turn.ask(SAVE);
}

/** The server asks again: the newest unacknowledged receipt as it was, else the present stage with a new number. */
function answerAgain(turn, broadcast) {
  const { state } = turn;
  const last = state.pending.findLast((receipt) => receipt.broadcast === broadcast);
  if (last) {
    if (state.connected) turn.ask({ do: "send", what: "receipt", message: last });
    return;
  }
  if (broadcast in state.held) {
    const held = state.held[broadcast];
    turn.tell(broadcast, held.stage, { position: held.position });
  } else {
    const { stage, reason, position } = state.over[broadcast];
    turn.tell(broadcast, stage, { reason, position });
  }
  turn.ask(SAVE);
}

/** Whether somebody below its issuer gave the order to stop it, and gave it first. */
function stoppedFromBelow(state, message) {
  const end = state.over[message.id];
  return end.stage === "stopped" && outranked(state.ring, message, end.rank);
}

/** Obeyed, expired or not: it does no harm, but for an emergency from above. First the screen, then words. */
function stop(turn, message, rank, digest) {
  const { state } = turn;
  const { broadcast } = message;
  const held = broadcast === null ? undefined : state.held[broadcast];
  if (!isForMe(state, message)) doubts.note(turn, "not-for-me", digest, { order: message.id });
  else if (held && outranked(state.ring, held.order, rank)) doubts.note(turn, "rank", digest, { order: broadcast });
  else if (broadcast === null) hush(turn, message, rank);
  else if (broadcast in state.over) answerAgain(turn, broadcast);
  else {
    endStopped(turn, broadcast, message.expires, rank);
    sound.choose(turn);
  }
}

/** Whatever shows, and whatever was due by then, is over. What was issued after this order is not touched. */
function hush(turn, message, rank) {
  const until = Math.min(message.at, turn.now + SKEW); // an order from the far future must not silence for ever
  const { hushedAt, hushedBy, sounding } = turn.state;
  const mine = Math.max(hushedBy[rank] ?? 0, until);
  turn.put({ hushedAt: Math.max(hushedAt, until), hushedBy: { ...hushedBy, [rank]: mine } });
  for (const held of Object.values(turn.state.held)) {
    const one = held.order;
    if (outranked(turn.state.ring, one, rank)) continue;
    const shows = sounding?.broadcast === one.id;
    if (one.at <= message.at && (shows || one.start <= message.at || held.stage === "preempted")) {
      endStopped(turn, one.id, message.expires, rank);
    }
  }
  turn.ask(SAVE);
  sound.choose(turn);
}

function endStopped(turn, broadcast, expires, rank) {
  const held = turn.state.held[broadcast];
  let position = sound.silence(turn, broadcast);
  let until = expires;
  const planned = turn.state.agenda && agendas.find(turn.state.agenda, broadcast);
  if (held) {
    until = Math.max(until, held.order.expires);
    position = Math.max(position, held.position);
  } else if (planned) {
    until = Math.max(until, planned.expires); // it may be days away
  }
  turn.end(broadcast, "stopped", Math.max(until, turn.now), { reason: "stopped", position, rank });
  turn.ask(SAVE);
  turn.tell(broadcast, "stopped", { reason: "stopped", position });
  sound.oweProof(turn, broadcast, position);
}

function settings(turn, message) {
  const { state } = turn;
  if (message.version <= state.settings.version) {
    turn.log(`settings ${message.version} are not newer than ${state.settings.version}`, "debug");
    return;
  }
  const soon = turn.now + jitter(state.device, 5 * SECOND);
  turn.put({ settings: message, vitalsAt: state.vitalsAt ? Math.min(state.vitalsAt, soon) : soon });
  turn.ask(SAVE);
  const [before, areas] = [new Set(state.settings.areas), new Set(message.areas)];
  if (state.connected && (before.size !== areas.size || [...areas].some((area) => !before.has(area)))) {
    turn.ask({ do: "subscribe", areas: message.areas });
  }
  ahead.settingsChanged(turn);
}

/** Saved only when nothing is left: after a loss of power some go out again, and a repeat is harmless. */
function acknowledged(turn, ack) {
  const seqs = new Set(ack.seqs);
  const left = turn.state.pending.filter((receipt) => !seqs.has(receipt.seq));
  if (turn.state.pending.length && !left.length) turn.ask(SAVE);
  turn.put({ pending: left });
}
