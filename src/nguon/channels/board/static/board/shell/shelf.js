/* Files by their hash, in the browser's cache. Nothing is taken from it that is not, byte for byte, what was signed. */

import { sha256 } from "../wire/bytes.js";

const address = (digest) => `/kept/${digest}`; // of no server: only a name in the cache

export class Shelf {
  constructor(name) {
    this.name = name;
  }

  /** The bytes of this file; null if it is not here, or no longer what it was. */
  async read({ sha256: digest, size }) {
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

  /** Throw away all but these; the hashes that went. */
  async keepOnly(needed) {
    const cache = await caches.open(this.name);
    const gone = (await cache.keys())
      .map((request) => new URL(request.url).pathname.split("/").pop())
      .filter((digest) => !needed.has(digest));
    for (const digest of gone) await cache.delete(address(digest));
    return gone;
  }
}
