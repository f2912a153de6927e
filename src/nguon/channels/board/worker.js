/* Starts the page of a board without network: everything it is made of is kept, whole, version by version.

   VERSION and SHELL ({address: SHA-256 in hex}) are written above by the server. A new version waits until the page
   calls for it: it knows when nothing is on the screen. */

const CACHE = `nguon-board-page-${VERSION}`;
const mine = (name) => name.startsWith("nguon-board-page-");
const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (one) => one.toString(16).padStart(2, "0")).join("");

/** The answer of the server, if it is of this version. */
async function brought([address, digest]) {
  const answer = await fetch(address, { cache: "reload", credentials: "omit", redirect: "error" });
  const bytes = await answer.clone().arrayBuffer();
  if (answer.ok && hexOf(await crypto.subtle.digest("SHA-256", bytes)) === digest) return [address, answer];
  throw new Error(`${address} is not of the version ${VERSION}`);
}

async function renewed() {
  const all = await Promise.all(Object.entries(SHELL).map(brought)); // nothing is kept before all is here
  const cache = await caches.open(CACHE);
  await Promise.all(all.map(([address, answer]) => cache.put(address, answer)));
}

async function alone() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => mine(name) && name !== CACHE).map((name) => caches.delete(name)));
}

async function isWhole() {
  const cache = await caches.open(CACHE);
  return (await cache.keys()).length >= Object.keys(SHELL).length;
}

/** From the cache, or all of it from the server: a browser that cleared some of it must not mix two versions. */
async function found(event) {
  const { request } = event;
  if (request.mode === "navigate" && !(await isWhole())) {
    await caches.delete(CACHE);
    event.waitUntil(renewed().catch(() => caches.delete(CACHE)));
    return fetch(request);
  }
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

/** A disk that cannot be read must not keep the page from a server that answers. */
const kept = (event) => found(event).catch(() => fetch(event.request));

self.addEventListener("install", (event) => event.waitUntil(renewed()));
self.addEventListener("activate", (event) => event.waitUntil(alone()));
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === self.location.origin && Object.hasOwn(SHELL, pathname) && event.request.method === "GET";
  if (ours) event.respondWith(kept(event));
});
