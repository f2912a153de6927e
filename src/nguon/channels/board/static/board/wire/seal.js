/* The seal: a JWS in the JSON form (RFC 7515, 7.2.1), Ed25519, verified by the browser's own cryptography. */

import { Malformed, bytesOf, fromBase64, fromBase64Url, textOf, toBase64Url } from "./bytes.js";
import { LIMIT, decodeSealed } from "./shapes.js";

const ALGORITHM = "Ed25519";
const KNOWN_MOST = 500;
const keys = new Map(); // public key → what verifies with it
const kids = new Map();

function remember(map, name, value) {
  if (map.size >= KNOWN_MOST) map.delete(map.keys().next().value);
  map.set(name, value);
  return value;
}

/** What is sealed: `payload` as exact bytes, `sealed` as it came. Throws Malformed. */
export function unwrap(data, limit = LIMIT) {
  const sealed = decodeSealed(data, limit);
  return { payload: fromBase64Url(sealed.payload.replace(/={1,2}$/, "")), sealed };
}

/** The name of a public key (RFC 7638). */
export async function thumbprint(key) {
  const known = kids.get(key);
  if (known) return known;
  const text = `{"crv":"${ALGORITHM}","kty":"OKP","x":"${key}"}`;
  return remember(kids, key, toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text)))));
}

/** What a signature calls its key; empty if it does not say, or is of another kind than ours. */
export function kidOf(signature) {
  try {
    const header = JSON.parse(textOf(fromBase64Url(signature.protected)));
    if (header?.alg !== ALGORITHM || typeof header.kid !== "string" || Object.hasOwn(header, "crit")) return "";
    return header.kid;
  } catch {
    return "";
  }
}

/** The sealed statement beside a signature; empty if there is none that can be read. */
export function delegateOf(signature) {
  try {
    return fromBase64(signature.header.delegate);
  } catch (error) {
    if (error instanceof Malformed) return new Uint8Array();
    throw error;
  }
}

async function verifier(key) {
  return keys.get(key) ?? remember(keys, key, await crypto.subtle.importKey("raw", fromBase64Url(key), ALGORITHM, false, ["verify"]));
}

/** Whether this signature of a payload (base64url, as sent) was made with the key of that public one. */
export async function fits(payload, signature, key) {
  try {
    const bytes = fromBase64Url(signature.signature);
    return await crypto.subtle.verify(ALGORITHM, await verifier(key), bytes, bytesOf(`${signature.protected}.${payload}`));
  } catch {
    return false;
  }
}
