/* Lengths of time in ms, and what the core calls things. */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const MEMORY = 24 * HOUR; // what is over is remembered this long after its expiry
export const NEVER = Number.MAX_SAFE_INTEGER;
export const SKEW = 2 * MINUTE; // that two clocks may differ
export const EMERGENCY = 90;
export const SAVE = Object.freeze({ do: "save" });

export const ZONE = 7 * HOUR; // of the people before the board

/** The moment as people there read it, "2026-11-26 14:05". */
export const local = (at) => new Date(at + ZONE).toISOString().slice(0, 16).replace("T", " ");

/** A number in [0, width) that is always the same for one device and spread evenly over many. */
export const jitter = (device, width) => Number((BigInt(`0x${device.slice(-8)}`) * BigInt(width)) >> 32n);

/** Whether it is above quiet hours and volumes by hour: an emergency, and no drill of one. */
export const isFree = (order) => order.level >= EMERGENCY && !order.drill;

export const durationOf = (order) => (order.content ?? order.stream).duration;
export const hashOf = (order) => order.content?.sha256 ?? null;
