/* All a board knows. Never changed in place; a step makes the next one. Times are ms UTC. Kept whole in the browser's
   store, but for the plan, which is kept as its document. */

/** A board that knows nothing but itself and whom it believes. */
export function fresh({ settings, device, ring, channel = "board", software = "", checked = false }) {
  return {
    device,
    channel,
    settings,
    software,
    ring,
    held: {}, // broadcasts that are not over: {order, stage, ready, position, planned, since, byClock}
    over: {}, // remembered so that a repeat is answered and not shown: {stage, until, reason, position, rank}
    pending: [], // receipts not yet acknowledged, by rising seq
    lastSeq: 0,
    hushedAt: 0, // issue time of the newest order to stop whatever shows
    hushedBy: {}, // the same by the rank of who gave it
    proofs: [], // broadcasts whose proof is still to be sent
    proof: false,
    goes: 0,
    sounding: null, // what the player was asked to play: {broadcast, go, level, offset, since, deadline, started, at}
    connected: false,
    checked, // whether the clock was compared with the server's since power-up
    checkedAt: 0, // when it was last
    vitalsAt: 0,
    resendAt: 0,
    saveAt: 0,
    numbers: {}, // the highest number of an order, by issuer
    doubts: {}, // what was not believed, by reason: {count, sha256, kid, order, toldAt}
    agenda: null,
    plan: 0, // its version
    announced: null,
    unread: "",
    plannedFrom: 0,
    taken: 0, // every play of the agenda that starts up to then has been taken in hand
    here: {}, // hashes on disk, and when that was last seen
    asked: [], // being fetched ahead
    troubles: {}, // {reason, detail, again}
    fetchAt: 0,
    goodSince: 0,
    month: "",
    dataUsed: 0,
    thrifty: false,
    seen: 0, // the last moment that can be relied on
    doubt: false, // the clock cannot be right: nothing planned is shown
    upAt: 0,
    blind: [0, 0],
  };
}

/** The saved state, which believes whom it was told last: that may have been at a new enrolment. */
export function believing(state, ring) {
  const known = new Set(state.ring.authorities.map((one) => one.key));
  const strange = !ring.authorities.some((one) => known.has(one.key));
  return ring.version > state.ring.version || strange ? { ...state, ring, numbers: {} } : state;
}

export const newHeld = (order, more = {}) => ({
  order,
  stage: "received",
  ready: false,
  position: 0,
  planned: false,
  since: 0,
  byClock: false,
  ...more,
});

/** How far into the content what is shown is. */
export const positionOf = (sounding, now) =>
  sounding.started ? sounding.offset + Math.max(0, now - sounding.since) : sounding.offset;
