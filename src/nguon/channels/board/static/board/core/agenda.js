/* What a plan says, laid out for a board that looks into it at every step. Pure. */

import { MEMORY, hashOf } from "./units.js";

/** The index of the first of these, sorted by start, that starts after this moment. */
export function after(list, start) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].start > start) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const find = (agenda, broadcast) => agenda.plays.find((play) => play.id === broadcast);

/** The quiet hours at this moment, if any. */
export function quietAt(agenda, now) {
  const span = agenda.quiet[after(agenda.quiet, now) - 1];
  return span && now < span.end ? span : null;
}

/** The next quiet hours that begin after this moment. */
export const quietAfter = (agenda, now) => agenda.quiet[after(agenda.quiet, now)] ?? null;

/** The volume or brightness that must not be exceeded at this moment, percent. */
export function most(agenda, now) {
  const found = agenda.limits.filter((limit) => limit.start <= now && now < limit.end).map((limit) => limit.most);
  return found.length ? Math.min(...found) : 100;
}

/** When a file is needed next; undefined if never again. */
export const nextUse = (need, now) => need.uses.find((use) => use.end > now);

const byStart = (one, two) => one.start - two.start;
const byStartAndId = (one, two) => byStart(one, two) || (one.id < two.id ? -1 : one.id > two.id ? 1 : 0);

/** The agenda of a plan. What is not for this channel, or has no start, is left out. */
export function layOut(plan, sha256, channel) {
  const plays = new Map();
  for (const play of plan.plays.toSorted(byStartAndId)) {
    if (play.channel === channel && play.start > 0 && !plays.has(play.id)) plays.set(play.id, play);
  }
  const inOrder = [...plays.values()];
  return {
    sha256,
    made: plan.made,
    until: plan.until,
    plays: inOrder,
    quiet: joined(plan.quiet),
    limits: plan.limits,
    fetch: joined(plan.fetch),
    needs: needsOf(inOrder, plan.keep, { start: plan.made, end: plan.until }),
  };
}

/** The same times as spans in order that neither touch nor overlap. An empty span is none. */
export function joined(spans) {
  const made = [];
  for (const { start, end } of spans.toSorted(byStart)) {
    if (end <= start) continue;
    const last = made.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else made.push({ start, end });
  }
  return made;
}

/** The files of these plays, and those kept as long as the plan holds (`whole`); each once, by first use. */
function needsOf(plays, keep, whole) {
  const found = new Map(keep.map((content) => [content.sha256, { content, uses: [whole] }]));
  for (const play of plays) {
    const sha256 = hashOf(play);
    if (sha256 === null) continue;
    if (!found.has(sha256)) found.set(sha256, { content: play.content, uses: [] });
    found.get(sha256).uses.push({ start: play.start, end: play.expires });
  }
  const made = [...found.values()].map(({ content, uses }) => ({ content, uses: uses.toSorted(byStart) }));
  return made.sort((one, two) => one.uses[0].start - two.uses[0].start);
}

/** What starts before then is not looked at in a new plan: what became of it may be forgotten already. */
export const keptFrom = (now) => now - MEMORY;
