import { hashing } from "./sha256.js";

/* The small sum that lets one report through: a number by which the hash of the puzzle begins with so many zero bits. */

const CHUNK = 2000; // tries between two looks at the page

export async function solve(puzzle, bits) {
  const hash = hashing(`${puzzle}:`);
  for (let number = 0; ; number += 1) {
    if (hash(String(number)) >>> (32 - bits) === 0) return String(number);
    if (number % CHUNK === CHUNK - 1) await new Promise((go) => setTimeout(go));
  }
}
