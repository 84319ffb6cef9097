import { type Language, pickLanguage } from "../shared/i18n";
import { moveFilesAlone } from "./files/moving";
import { keepRegistered } from "./push/keep";
import { genericMessage, messageOf, mustShow } from "./push/message";
import { currentWorker } from "./sync/installation";
import { Store } from "./sync/store";
import { sync } from "./sync/sync";

declare const self: ServiceWorkerGlobalScope;
declare const __SHELL__: string[];
declare const __BUILD__: string;

const CACHE = `naryad-${__BUILD__}`;
const SHELL = "/app/index.html";

/** `renotify`: a changed job rings again, although its message takes the place of an older one. */
type Options = NotificationOptions & { renotify: boolean };

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

/** R13, R12: the notification first, because some systems ask for it, then the sync. */
self.addEventListener("push", (event) => {
  event.waitUntil(
    (async () => {
      try {
        await tell(event.data?.text());
      } finally {
        await syncInBackground("push"); // also when notifications have been blocked by now
      }
    })(),
  );
});

/** The browser has given this phone another address for pushes, or none any more. */
self.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(
    withStore(async (store) => {
      await keepRegistered(store, self.registration, false);
      await tellPages();
    }),
  );
});

/** R13: a tap opens that job, in the page that is open or in a new one. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data as { url: string };
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window" });
      const page = pages.find((one) => one.focused) ?? pages[0];
      if (!page) {
        await self.clients.openWindow(url);
        return;
      }
      page.postMessage({ open: url }); // first: a page that may not take the focus is told all the same
      await page.focus();
    })(),
  );
});

/** Show what a push says. A delivery that comes twice does not ring twice. */
async function tell(text: string | undefined): Promise<void> {
  const said = messageOf(text);
  if (said === "silent" && !mustShow(self.navigator.userAgent)) return;
  const { title, ...message } = typeof said === "string" ? genericMessage(await language()) : said;
  const shown = await self.registration.getNotifications({ tag: message.tag });
  const again = shown.some(({ data }) => message.data.id !== "" && data?.id === message.data.id);
  const options: Options = {
    ...message,
    renotify: !again,
    icon: "/app/icon-192.png",
    badge: "/app/badge-96.png",
  };
  await self.registration.showNotification(title, options);
}

/** The app's language as the worker chose it, else the browser's. */
async function language(): Promise<Language> {
  const facts = await withStore((store) => store.facts());
  return facts?.language ?? pickLanguage(self.navigator.languages);
}

async function syncInBackground(trigger: "push" | "reconnect" | "timer"): Promise<void> {
  await withStore(async (store) => {
    const { end } = await sync(store, trigger);
    if (end === "done") {
      await tellPages();
      await moveFilesInBackground(store);
    }
    if (end === "offline") throw new Error("no network: the browser will try again");
  });
}

/** Do something with the store of who is signed in; nothing when nobody is. */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T | undefined> {
  const worker = await currentWorker();
  if (!worker) return undefined;
  const store = await Store.open(worker.user.id);
  try {
    return await work(store);
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
