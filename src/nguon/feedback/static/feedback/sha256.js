/* SHA-256 in steps of one block: the browser's own is there on secure pages only, and too slow for very many short texts. */

const K = new Uint32Array(64);
const FIRST = new Uint32Array(8);

(function primes() {
  const whole = (value) => Math.floor((value - Math.floor(value)) * 4294967296);
  for (let number = 2, found = 0; found < 64; number += 1) {
    let prime = true;
    for (let by = 2; by * by <= number; by += 1) if (number % by === 0) prime = false;
    if (!prime) continue;
    if (found < 8) FIRST[found] = whole(Math.sqrt(number));
    K[found] = whole(Math.cbrt(number));
    found += 1;
  }
})();

const W = new Uint32Array(64);
const turn = (value, by) => (value >>> by) | (value << (32 - by));

function block(state, bytes, from) {
  for (let i = 0; i < 16; i += 1) {
    const at = from + i * 4;
    W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const one = turn(W[i - 15], 7) ^ turn(W[i - 15], 18) ^ (W[i - 15] >>> 3);
    const two = turn(W[i - 2], 17) ^ turn(W[i - 2], 19) ^ (W[i - 2] >>> 10);
    W[i] = W[i - 16] + one + W[i - 7] + two;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  const added = [a, b, c, d, e, f, g, h];
  return Uint32Array.from(state, (value, i) => value + added[i]);
}

/* A function that gives the first 32 bits of the hash of `head` with an ASCII text behind it. */
export function hashing(head) {
  const given = new TextEncoder().encode(head);
  const full = given.length - (given.length % 64);
  let before = FIRST;
  for (let at = 0; at < full; at += 64) before = block(before, given, at);
  const rest = given.subarray(full);
  return (tail) => {
    const size = rest.length + tail.length;
    const bytes = new Uint8Array(size + 9 > 64 ? 128 : 64);
    bytes.set(rest);
    for (let i = 0; i < tail.length; i += 1) bytes[rest.length + i] = tail.charCodeAt(i);
    bytes[size] = 0x80;
    new DataView(bytes.buffer).setUint32(bytes.length - 4, (full + size) * 8);
    let state = before;
    for (let at = 0; at < bytes.length; at += 64) state = block(state, bytes, at);
    return state[0];
  };
}
