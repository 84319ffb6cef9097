import { moveFilesAlone } from "./files/moving";
import { currentWorker } from "./sync/installation";
import { Store } from "./sync/store";
import { sync } from "./sync/sync";

declare const self: ServiceWorkerGlobalScope;
declare const __SHELL__: string[];
declare const __BUILD__: string;

const CACHE = `naryad-${__BUILD__}`;
const SHELL = "/app/index.html";

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

/** The whole app is kept before this version begins to serve: a cold start needs no network. */
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(__SHELL__)));
});

/** Older versions go when no page of theirs is open any more: none is stranded between two. */
self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

/** The worker wants the new version now. */
self.addEventListener("message", (event) => {
  if (event.data === "serve") void self.skipWaiting();
});

/** The app's own files from the cache, every one of its routes as its shell; all else to the network. */
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || request.method !== "GET" || !pathname.startsWith("/app/")) return;
  const wanted = request.mode === "navigate" ? SHELL : request;
  event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(wanted)) ?? fetch(request)));
});

/** R21: when the network is back, also with the app closed, where the browser can. */
self.addEventListener("sync" as "message", (event) => {
  const { tag } = event as unknown as SyncEvent;
  if (tag === "naryad-sync") event.waitUntil(syncInBackground("reconnect"));
});

self.addEventListener("periodicsync" as "message", (event) => {
  event.waitUntil(syncInBackground("timer"));
});

interface Pushed {
  title?: string;
  body?: string;
  job_id?: string;
  url?: string;
}

/** R13, R12: the notification first, because some systems ask for it, then the sync. */
self.addEventListener("push", (event) => {
  const pushed = (event.data?.json() ?? {}) as Pushed;
  event.waitUntil(
    (async () => {
      if (pushed.title) {
        await self.registration.showNotification(pushed.title, {
          body: pushed.body ?? "",
          tag: pushed.job_id ?? "naryad",
          icon: "/app/icon-192.png",
          data: { url: pushed.url ?? "/app/" },
        });
      }
      await syncInBackground("push");
    })(),
  );
});

/** R13: a tap opens that job, in the page that is open or in a new one. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data as { url: string };
  event.waitUntil(
    (async () => {
      const [page] = await self.clients.matchAll({ type: "window" });
      if (!page) {
        await self.clients.openWindow(url);
        return;
      }
      page.postMessage({ open: url }); // first: a page that may not take the focus is told all the same
      await page.focus();
    })(),
  );
});

async function syncInBackground(trigger: "push" | "reconnect" | "timer"): Promise<void> {
  const worker = await currentWorker();
  if (!worker) return;
  const store = await Store.open(worker.user.id);
  try {
    const { end } = await sync(store, trigger);
    if (end === "done") {
      await tellPages();
      await moveFilesInBackground(store);
    }
    if (end === "offline") throw new Error("no network: the browser will try again");
  } finally {
    store.close();
  }
}

/** R8: files too, if no page moves them and for as long as the browser lets this run: the next run goes on. */
async function moveFilesInBackground(store: Store): Promise<void> {
  const ended = await moveFilesAlone(store, () => undefined, new AbortController().signal, true);
  if (!ended) return;
  if (ended.sent > 0) await sync(store, "timer"); // brings the proof
  await tellPages();
}

async function tellPages(): Promise<void> {
  for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage({ synced: true });
}
