/* Starts the page of a board without network: everything it is made of is kept, whole, version by version.

   VERSION and SHELL are written above by the server. */

const CACHE = `nguon-board-page-${VERSION}`;
const mine = (name) => name.startsWith("nguon-board-page-");

async function renewed() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
}

async function alone() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => mine(name) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(renewed()));
self.addEventListener("activate", (event) => event.waitUntil(alone()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === self.location.origin && SHELL.includes(pathname) && event.request.method === "GET";
  if (ours) event.respondWith(kept(event.request));
});
