/* Files by their hash, in the browser's cache. Nothing is taken from it that is not, byte for byte, what was signed.

   What finds no room on the disk is held in memory until the power goes: a warning needs no disk. */

import { sha256 } from "../wire/bytes.js";

const address = (digest) => `/kept/${digest}`; // of no server: only a name in the cache
const MEMORY = 32 << 20; // bytes that are held in memory, at most

export class Shelf {
  #held = new Map();

  constructor(name) {
    this.name = name;
  }

  /** The bytes of this file; null if it is not here, cannot be read, or is no longer what it was. */
  async read({ sha256: digest, size }) {
    const held = this.#held.get(digest);
    if (held?.length === size) return held;
    try {
      return await this.#kept(digest, size);
    } catch (error) {
      console.warn("a file cannot be read", error);
      return null;
    }
  }

  async #kept(digest, size) {
    const cache = await caches.open(this.name);
    const kept = await cache.match(address(digest));
    if (!kept) return null;
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (bytes.length === size && (await sha256(bytes)) === digest) return bytes;
    await cache.delete(address(digest));
    return null;
  }

  /** Whether these bytes are the file; kept if they are. Throws QuotaExceededError when the disk is full. */
  async accept({ sha256: digest, size }, bytes) {
    if (bytes.length !== size || (await sha256(bytes)) !== digest) return false;
    const cache = await caches.open(this.name);
    await cache.put(address(digest), new Response(bytes));
    return true;
  }

  /** The same without a disk. Throws QuotaExceededError when there is no room in memory either. */
  async hold({ sha256: digest, size }, bytes) {
    if (bytes.length !== size || (await sha256(bytes)) !== digest) return false;
    const all = [...this.#held.values()].reduce((sum, one) => sum + one.length, size);
    if (all > MEMORY) throw new DOMException("no room in memory", "QuotaExceededError");
    this.#held.set(digest, bytes);
    return true;
  }

  /** Throw away all but these; the hashes that went. */
  async keepOnly(needed) {
    const gone = [...this.#held.keys()].filter((digest) => !needed.has(digest));
    for (const digest of gone) this.#held.delete(digest);
    try {
      gone.push(...(await this.#cleared(needed)));
    } catch (error) {
      console.warn("the disk cannot be cleared", error);
    }
    return gone;
  }

  async #cleared(needed) {
    const cache = await caches.open(this.name);
    const gone = (await cache.keys())
      .map((request) => new URL(request.url).pathname.split("/").pop())
      .filter((digest) => !needed.has(digest));
    for (const digest of gone) await cache.delete(address(digest));
    return gone;
  }
}
