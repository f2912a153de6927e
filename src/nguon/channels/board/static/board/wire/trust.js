/* Whom a board believes: the authorities over it and their keys. The same rules as every device's, see docs/protocol.md.

   `ring`: {version, authorities, revoked}. Times are ms. */

import { Malformed } from "./bytes.js";
import { delegateOf, fits, kidOf, thumbprint, unwrap } from "./seal.js";
import { LIMIT, PLAN_LIMIT, decodeDelegate } from "./shapes.js";

export const SKEW = 120_000; // ms that two clocks may differ
const PEOPLE = 2; // signatures by distinct people that an emergency needs
const EMERGENCY = 90;

/** Not believed: `reason` as the protocol names it, `kid` the key that was claimed. */
export class Untrusted extends Error {
  constructor(reason, kid = "") {
    super(reason);
    this.reason = reason;
    this.kid = kid;
  }
}

/** The ring of a board that was told these keys where it trusts the teller: at enrolment. */
export const anchored = ({ version, authorities, revoked }) => ({ version, authorities, revoked });

const ranks = (ring) => ring.authorities.map((one) => one.rank);
const own = (ring) => Math.max(0, ...ranks(ring));
const top = (ring) => (ring.authorities.length ? Math.min(...ranks(ring)) : 0);

async function authorityOf(ring, kid, now) {
  for (const one of ring.authorities) {
    if ((await thumbprint(one.key)) !== kid) continue;
    if (one.until <= now) throw new Untrusted("key-over", kid);
    return one;
  }
  throw new Untrusted("unknown-key", kid);
}

function word(statement) {
  try {
    const envelope = unwrap(statement);
    return { envelope, delegate: decodeDelegate(envelope.payload) };
  } catch (error) {
    if (error instanceof Malformed) throw new Untrusted("unknown-key");
    throw error;
  }
}

/** The person for whom an authority vouches: one of its own place, for this time. */
async function delegateFor(ring, statement, now) {
  const { envelope, delegate } = word(statement);
  const kid = await thumbprint(delegate.key);
  for (const signature of envelope.sealed.signatures) {
    const authority = await authorityOf(ring, kidOf(signature), now);
    if (!(await fits(envelope.sealed.payload, signature, authority.key))) throw new Untrusted("forged", kid);
    if (authority.place !== delegate.place) continue;
    if (now < delegate.at - SKEW || now >= delegate.until) throw new Untrusted("key-over", kid);
    return delegate;
  }
  throw new Untrusted("unknown-key", kid);
}

async function signerOf(ring, envelope, signature, now) {
  const kid = kidOf(signature);
  const statement = delegateOf(signature);
  const signer = statement.length ? await delegateFor(ring, statement, now) : await authorityOf(ring, kid, now);
  const revoked = ring.revoked.includes(kid);
  if (revoked || kid !== (await thumbprint(signer.key))) throw new Untrusted(revoked ? "key-over" : "unknown-key", kid);
  if (!(await fits(envelope.sealed.payload, signature, signer.key))) throw new Untrusted("forged", kid);
  return signer;
}

/** What these bytes say, by at least one key that counts now: {payload, authorities, people}. Throws Malformed, Untrusted. */
export async function opened(ring, data, now, limit = LIMIT) {
  const envelope = unwrap(data, limit);
  if (envelope.sealed.signatures.length === 0) throw new Untrusted("unsigned");
  const found = { payload: envelope.payload, authorities: [], people: new Map() };
  let doubt = null;
  for (const signature of envelope.sealed.signatures) {
    try {
      const signer = await signerOf(ring, envelope, signature, now);
      if (signer.person) found.people.set(signer.person, signer.place);
      else found.authorities.push(signer);
    } catch (error) {
      if (!(error instanceof Untrusted)) throw error;
      doubt ??= error;
    }
  }
  if (found.authorities.length === 0 && found.people.size === 0) throw doubt;
  return found;
}

/** The ring after a `keys` message. Throws Untrusted unless it is the topmost authority's, and newer. */
export function learn(ring, keys, by) {
  if (!by.authorities.some((one) => one.rank === top(ring))) throw new Untrusted("rank");
  if (keys.version <= ring.version) throw new Untrusted("replayed");
  return anchored(keys);
}

const speaksFor = (by, place) =>
  [...by.people.values()].includes(place) || by.authorities.some((one) => one.place === place);

/** Why these signers are not enough for this order; empty if they are. */
export function doubtOf(ring, order, by) {
  if (order.issuer === null || !speaksFor(by, order.issuer)) return "issuer";
  if (order.type === "stop") return "";
  if (order.level < EMERGENCY) return by.authorities.length ? "" : "rank";
  const alone = by.authorities.some((one) => one.alone && one.rank < own(ring));
  return order.drill || by.people.size >= PEOPLE || alone ? "" : "signers";
}

/** How high the highest of the signers stands; 0 is the top. */
export function rankOf(ring, by) {
  const vouching = new Set(by.people.values());
  const all = [...by.authorities, ...ring.authorities.filter((one) => vouching.has(one.place))];
  return Math.min(...all.map((one) => one.rank));
}

/** Whether who has this rank may not silence that play: nobody below blocks an emergency from above. */
export function outranked(ring, play, rank) {
  if (play.level < EMERGENCY || play.drill) return false;
  const issuers = ring.authorities.filter((one) => one.place === play.issuer).map((one) => one.rank);
  return (issuers.length ? Math.min(...issuers) : rank) < rank;
}

/** Why only the topmost authority may say this, and did not; empty if it did. */
export const topOnly = (ring, by) => (by.authorities.some((one) => one.rank === top(ring)) ? "" : "rank");

/** The document of a plan, signed by an authority over the board. Throws Malformed, Untrusted. */
export async function planOf(ring, data, now) {
  const found = await opened(ring, data, now, PLAN_LIMIT);
  if (found.authorities.length === 0) throw new Untrusted("rank");
  return found.payload;
}
