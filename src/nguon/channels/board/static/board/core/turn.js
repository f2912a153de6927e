/* One step in the making: the state so far, what to do, and the few verbs every part of the core needs. */

import { MEMORY, SECOND, jitter } from "./units.js";

const REMEMBERED = 5_000; // what is over, and no more than so many
const DETAIL_MOST = 500; // letters
export const RESEND = 30 * SECOND;

const without = (map, key) => {
  const { [key]: _gone, ...rest } = map;
  return rest;
};

export class Turn {
  constructor(state, now) {
    this.state = state;
    this.now = now;
    this.effects = [];
  }

  /** Replace fields of the state. */
  put(changes) {
    this.state = { ...this.state, ...changes };
  }

  ask(...effects) {
    this.effects.push(...effects);
  }

  log(words, level = "info") {
    this.ask({ do: "log", level, words });
  }

  /** Keep this broadcast as it is now. */
  hold(held) {
    this.put({ held: { ...this.state.held, [held.order.id]: held } });
  }

  /** A receipt with a number of its own: sent now if there is a line, and kept until it is acknowledged. */
  tell(broadcast, stage, { reason = "", detail = "", position = 0, sha256 = null } = {}) {
    const { state, now } = this;
    const seq = state.lastSeq ? state.lastSeq + 1 : Math.max(now, 1);
    const receipt = {
      type: "receipt",
      id: seq.toString(16).padStart(16, "0") + state.device.slice(16),
      at: now,
      broadcast,
      stage,
      seq,
      reason,
      detail: [...detail].slice(0, DETAIL_MOST).join(""),
      position,
      sha256,
    };
    const resendAt = state.pending.length ? state.resendAt : now + RESEND + jitter(state.device, 10 * SECOND);
    this.put({ pending: [...state.pending, receipt], lastSeq: seq, resendAt });
    if (state.connected) this.ask({ do: "send", what: "receipt", message: receipt });
  }

  /** This broadcast is over: no longer held, but remembered. Says nothing to anyone. `rank`: who stopped it. */
  end(broadcast, stage, until, { reason = "", position = 0, rank = 0 } = {}) {
    const { state } = this;
    // By a clock that is wrong all would be forgotten, and shown again when it is set right.
    const since = state.checked ? this.now : 0;
    let kept = Object.entries(state.over).filter(([key, value]) => value.until > since && key !== broadcast);
    kept = kept.slice(Math.max(kept.length - REMEMBERED + 1, 0));
    const over = Object.fromEntries(kept);
    over[broadcast] = { stage, until: until + MEMORY, reason, position, rank };
    this.put({ held: without(state.held, broadcast), over });
  }
}
