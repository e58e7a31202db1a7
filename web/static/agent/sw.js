// Keeps the page for field work and the files it needs, nothing else: no answer of the server with anybody's data.
// VERSION and KEPT are put before this text by the server; they change with every browser file.
const CACHE = `shell-${VERSION}`;
const PAGE = KEPT[0];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT.map((url) => new Request(url, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("shell-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

const kept = (url) => caches.match(url, { cacheName: CACHE, ignoreVary: true, ignoreSearch: true });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (path === PAGE || KEPT.includes(path)) event.respondWith(kept(path).then((found) => found ?? fetch(request)));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(PAGE)));
});
