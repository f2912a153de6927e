/* Bytes, text and base64, strict: what is not exactly right is refused, as the device players in other languages do. */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

export class Malformed extends Error {}

export const bytesOf = (text) => encoder.encode(text);

export function textOf(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Malformed("not UTF-8");
  }
}

/** Bytes of base64 with padding. Throws Malformed. */
export function fromBase64(text) {
  if (!BASE64.test(text) || text.length % 4 !== 0) throw new Malformed("not base64");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** Bytes of base64url without padding. Throws Malformed. */
export function fromBase64Url(text) {
  if (!BASE64URL.test(text) || text.length % 4 === 1) throw new Malformed("not base64url");
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat(-text.length & 3);
  return fromBase64(padded);
}

export function toBase64Url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** These pieces, one after the other. */
export function joined(...pieces) {
  const made = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of pieces) {
    made.set(one, at);
    at += one.length;
  }
  return made;
}

export const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (one) => one.toString(16).padStart(2, "0")).join("");

export const sha256 = async (bytes) => hexOf(await crypto.subtle.digest("SHA-256", bytes));
