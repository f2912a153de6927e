// The worker of a site: shows what its server sends to this browser, and opens the page it is about.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(move(event)));

async function show(data) {
  const said = read(data);
  await self.registration.showNotification(said.title || "Có tin mới", {
    body: said.body || "",
    tag: said.tag || "tin",
    renotify: true, // what replaces another is news, too
    requireInteraction: Boolean(said.stays),
    lang: "vi",
    data: said.to || "",
  });
}

// A browser demands that something is shown for each message, whatever came.
function read(data) {
  try {
    return data.json();
  } catch {
    return {};
  }
}

async function open(to) {
  const target = new URL(to || "", self.registration.scope);
  const url = target.href.startsWith(self.registration.scope) ? target.href : self.registration.scope;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === url);
  return there ? there.focus() : self.clients.openWindow(url);
}

// The push service gave another address: the server is told, or it would write to the old one.
async function move(event) {
  const before = event.oldSubscription;
  if (!before) return;
  const now = event.newSubscription || (await self.registration.pushManager.subscribe(before.options));
  await fetch(new URL("nhan-tin-dien-thoai/doi", self.registration.scope), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ before: before.endpoint, subscription: now.toJSON() }),
  });
}
