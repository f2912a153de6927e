/* Whether the server still knows a board: asked over HTTP, where an answer is certain. */

const PATIENCE = 20_000; // ms
const KNOWN = new Set([200, 403, 404]); // 403: it is known, and this plan is not its own
const NONE = "0".repeat(64); // the hash of no plan

export const authorizationOf = ({ device, password }) => `Basic ${btoa(`${device}:${password}`)}`;

/** True or false as the server says of this identity; null while it says nothing. `sha256`: of the plan that is held. */
export async function hasStanding(server, identity, sha256 = NONE) {
  try {
    const { status } = await fetch(new URL(`/api/1/plan/${sha256}`, server), {
      method: "HEAD",
      headers: { Authorization: authorizationOf(identity) },
      cache: "no-store",
      credentials: "omit", // or the browser would ask whoever stands there for a password
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (status === 401) return false;
    return KNOWN.has(status) ? true : null;
  } catch {
    return null;
  }
}
