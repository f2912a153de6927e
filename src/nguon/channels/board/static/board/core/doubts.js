/* What was heard and not believed: counted, and told to the server without letting a flood through. */

import { MINUTE, NEVER } from "./units.js";

const EVERY = MINUTE; // between two words about the same reason
const BY_CLOCK = ["future", "late", "clock", "key-over"]; // or is it our clock that is wrong?
const NONE = { count: 0, sha256: "", kid: "", order: null, toldAt: 0 };

/** Count it; the first of its reason is told at once. `digest`: SHA-256 of what was heard. Not saved: a flood must not
    wear out the disk. */
export function note(turn, reason, digest, { kid = "", order = null } = {}) {
  const known = turn.state.doubts[reason] ?? NONE;
  const found = { count: known.count + 1, sha256: digest, kid, order, toldAt: known.toldAt };
  turn.log(`not believed (${reason}): ${digest.slice(0, 12)} ${order ?? ""}`, known.count ? "debug" : "warning");
  turn.put({ doubts: { ...turn.state.doubts, [reason]: found } });
  if (BY_CLOCK.includes(reason)) turn.ask({ do: "ask-time" });
  tell(turn);
}

/** Say what was not said yet, as far as it is time. */
export function tell(turn) {
  const { state, now } = turn;
  if (!state.connected) return;
  for (const [reason, doubt] of Object.entries(state.doubts)) {
    if (!doubt.count || now < doubt.toldAt + EVERY) continue;
    const message = {
      type: "refusal",
      id: doubt.sha256.slice(0, 16) + now.toString(16).padStart(16, "0"),
      at: now,
      reason,
      sha256: doubt.sha256,
      count: doubt.count,
      key: doubt.kid || null,
      order: doubt.order,
    };
    turn.ask({ do: "send", what: "refusal", message });
    turn.put({ doubts: { ...turn.state.doubts, [reason]: { ...NONE, toldAt: now } } });
  }
}

/** When there is something to tell; NEVER if there is not. */
export function due(state) {
  const waiting = Object.values(state.doubts).filter((doubt) => doubt.count);
  return state.connected ? Math.min(NEVER, ...waiting.map((doubt) => doubt.toldAt + EVERY)) : NEVER;
}
