/* Fetching ahead: what is due soon at once, the rest in idle hours or on a good signal, within the month's budget. */

import { nextUse } from "./agenda.js";
import * as doubts from "./doubts.js";
import * as sound from "./sound.js";
import { HOUR, MINUTE, NEVER, jitter, local } from "./units.js";

const SOON = 12 * HOUR; // what is due within that is fetched at once
const PRESSING = 2 * HOUR; // what is due within that is fetched though the budget is used up
const AT_ONCE = 3; // files fetched ahead at a time: the one due first must not wait for all
const TRY_FOR = 10 * MINUTE; // then another has its turn
const PAUSES = { fetch: 5 * MINUTE, disk: 10 * MINUTE, hash: 30 * MINUTE };
const SHORT_PAUSE = MINUTE; // when it is due within a pause
const PROVE = 10 * MINUTE; // so long before it shows a file is read again, if that was not done within the hour
const PROVED = HOUR;
const GOOD = -85; // dBm
const NO_LONGER_GOOD = -91;
const GOOD_FOR = HOUR; // those that are well placed begin within that time, each at its own moment

const without = (map, key) => {
  const { [key]: _gone, ...rest } = map;
  return rest;
};

/** A new plan, or power-up: see first what is here, the next due first; nothing is fetched twice. */
export function begin(turn) {
  const { agenda } = turn.state;
  turn.put({ asked: [], troubles: {}, fetchAt: turn.now });
  if (agenda === null) return;
  const files = byUse(agenda, turn.now).map(([, need]) => need.content);
  const needed = new Set(files.map((content) => content.sha256));
  const here = Object.fromEntries(Object.entries(turn.state.here).filter(([sha256]) => needed.has(sha256)));
  turn.put({ here });
  const unknown = files.filter((content) => !(content.sha256 in here));
  if (unknown.length === 0) return;
  turn.put({ fetchAt: NEVER }); // once that is answered
  turn.ask({ do: "look", contents: unknown });
}

/** What of the plan is here. */
export function found(turn, sha256s, complete) {
  const seen = Object.fromEntries(sha256s.map((sha256) => [sha256, turn.now]));
  turn.put({ here: { ...turn.state.here, ...seen } });
  sound.ready(turn, sha256s);
  if (complete) look(turn);
}

/** A content is here. */
export function fetched(turn, sha256) {
  const { state } = turn;
  if (state.agenda !== null) {
    const asked = state.asked.filter((one) => one !== sha256);
    turn.put({ here: { ...state.here, [sha256]: turn.now }, asked, troubles: without(state.troubles, sha256) });
  }
  sound.ready(turn, [sha256]);
  look(turn);
}

/** A content did not come: another has its turn, and this one is tried again later. */
export function failed(turn, sha256, reason, detail) {
  sound.fetchFailed(turn, sha256, reason, detail);
  if (reason === "hash") doubts.note(turn, reason, sha256); // other bytes than were signed
  const { state } = turn;
  const need = state.agenda?.needs.find((one) => one.content.sha256 === sha256);
  const use = need && nextUse(need, turn.now);
  const asked = state.asked.filter((one) => one !== sha256);
  if (!use) {
    turn.put({ asked });
    return;
  }
  let pause = PAUSES[reason] ?? 5 * MINUTE;
  if (use.start < turn.now + pause) pause = SHORT_PAUSE;
  const again = turn.now + pause + jitter(state.device, Math.floor(pause / 4));
  turn.log(`${sha256.slice(0, 12)} was not fetched ahead (${reason}: ${detail.slice(0, 120)})`, "warning");
  turn.put({ asked, troubles: { ...state.troubles, [sha256]: { reason, detail, again } } });
  look(turn);
}

/** A content is no longer here. */
export function gone(turn, sha256) {
  turn.put({ here: without(turn.state.here, sha256) });
  sound.gone(turn, sha256);
  turn.put({ fetchAt: Math.min(turn.state.fetchAt, turn.now + MINUTE) });
}

/** There is a line again: what did not come is tried now. */
export function hurry(turn) {
  turn.put({ asked: [], troubles: {} });
  look(turn);
}

/** Ask for what is to be fetched now, the first due first, and note when to look again. */
export function look(turn) {
  const { state } = turn;
  const { agenda } = state;
  if (agenda === null) return;
  const asked = new Set(state.asked);
  let later = NEVER;
  let coming = agenda.needs
    .filter(({ content }) => asked.has(content.sha256) && !(content.sha256 in state.here))
    .reduce((sum, { content }) => sum + content.size, 0);
  for (const [use, need] of byUse(agenda, turn.now)) {
    const { content } = need;
    if (asked.has(content.sha256)) continue;
    const at = when(need, use, state, agenda, turn.now);
    if (at > turn.now) later = Math.min(later, at);
    else if (tooDear(turn, content, use, coming)) later = Math.min(later, use.start - PRESSING);
    else if (asked.size < AT_ONCE) {
      asked.add(content.sha256);
      coming += content.sha256 in state.here ? 0 : content.size;
      turn.ask({ do: "fetch", content, until: Math.min(use.end, turn.now + TRY_FOR) });
    }
  }
  turn.put({ asked: [...asked], fetchAt: later });
}

/** The files that are still needed, by their next use. */
function byUse(agenda, now) {
  const pairs = agenda.needs.map((need) => [nextUse(need, now), need]).filter(([use]) => use);
  return pairs.sort(([one], [two]) => one.start - two.start);
}

/** When to fetch it; or, if it is here, when to prove it. A moment that is past means now. */
function when(need, use, state, agenda, now) {
  const { sha256 } = need.content;
  if (sha256 in state.here) return whenToProve(need, state.here[sha256], now);
  let at = use.start - SOON;
  if (at > now) at = Math.min(at, idle(agenda.fetch, agenda.made, state.device, now), whileGood(state, agenda.made));
  const trouble = state.troubles[sha256];
  return trouble ? Math.max(at, trouble.again) : at;
}

/** Shortly before its next beginning, unless that was done within the hour before; then after it. */
function whenToProve(need, proved, now) {
  const coming = need.uses.find((use) => use.start > now)?.start;
  if (coming === undefined) return NEVER;
  const at = Math.max(coming - PROVE, proved + PROVED);
  return at < coming ? at : coming;
}

/** This board's moment of the idle hours that are now or next. A plan without any leaves it to us: soon. */
function idle(spans, made, device, now) {
  if (spans.length === 0) return made + jitter(device, 10 * MINUTE);
  const span = spans.find(({ end }) => now < end);
  return span ? span.start + jitter(device, Math.floor(((span.end - span.start) * 3) / 4)) : NEVER;
}

/** This board's moment on a good signal, if it has one. */
const whileGood = (state, made) =>
  state.goodSince ? Math.max(state.goodSince, made) + jitter(state.device, GOOD_FOR) : NEVER;

/** The signal was measured, or (null) cannot be. */
export function measured(turn, signal) {
  const was = turn.state.goodSince > 0;
  const good = signal !== null && signal >= (was ? NO_LONGER_GOOD : GOOD);
  if (good === was) return;
  turn.put({ goodSince: good ? turn.now : 0 });
  look(turn);
}

/** Whether the budget of the month forbids it, with the bytes that are coming. Said once. */
function tooDear(turn, content, use, coming) {
  const { state } = turn;
  const budget = state.settings.data_budget;
  if (budget === null || use.start <= turn.now + PRESSING || content.sha256 in state.here) return false;
  if (state.dataUsed + coming + content.size <= budget) return false;
  if (!turn.state.thrifty) {
    turn.log(`the month's ${budget} bytes are used up (${state.dataUsed}) or would be`, "warning");
    turn.put({ thrifty: true });
  }
  return true;
}

/** Bytes were fetched or sent. The meter begins anew with the month, if the clock can be relied on. */
export function metered(turn, used) {
  const { state } = turn;
  const month = local(turn.now).slice(0, 7);
  const newer = month > state.month && !state.doubt;
  if (month !== state.month && (state.checked || newer)) {
    turn.put({ month, dataUsed: used });
    if (state.month) turn.put({ thrifty: false, fetchAt: Math.min(state.fetchAt, turn.now) });
  } else {
    turn.put({ dataUsed: state.dataUsed + used });
  }
}

/** How many of the files that are still needed are here; null without a plan. */
export function readyPercent(state, now) {
  if (state.agenda === null) return null;
  const needed = state.agenda.needs.filter((need) => nextUse(need, now)).map((need) => need.content.sha256);
  const here = needed.filter((sha256) => sha256 in state.here);
  return needed.length ? Math.floor((100 * here.length) / needed.length) : 100;
}

/** Another budget. */
export function settingsChanged(turn) {
  turn.put({ thrifty: false });
  look(turn);
}
