import { createApi } from "../../shared/api";
import type { Store } from "../sync/store";
import { type Browser, register } from "./registration";

const LOCK = "naryad-push";
const SUBSCRIBE_MS = 20_000;

const request = createApi("field");
/** One that a browser's push service leaves without an answer goes on waiting: it is not asked twice. */
let subscribing: Promise<PushSubscription> | undefined;

/** One attempt to keep this phone registered, in whichever tab or in the service worker; `ask`: see register. */
export function keepRegistered(
  store: Store,
  registration: ServiceWorkerRegistration,
  ask: boolean,
  stop?: AbortSignal,
): Promise<void> {
  return betweenPushes(async () => {
    if (stop?.aborted) return;
    const { push } = await store.facts();
    const next = await register(browserOf(registration, stop), request, push, Date.now(), ask);
    if (JSON.stringify(next) !== JSON.stringify(push)) await store.set({ push: next });
  });
}

/** Do something while nobody registers this phone, in any tab. */
export function betweenPushes<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(LOCK, work);
}

function browserOf(registration: ServiceWorkerRegistration, stop: AbortSignal | undefined): Browser {
  const { pushManager } = registration;
  return {
    allowed: Notification.permission === "granted",
    getSubscription: () => pushManager.getSubscription(),
    subscribe(key) {
      subscribing ??= pushManager
        .subscribe({ userVisibleOnly: true, applicationServerKey: key })
        .finally(() => {
          subscribing = undefined;
        });
      return Promise.race([subscribing, refusedBy(AbortSignal.timeout(SUBSCRIBE_MS)), refusedBy(stop)]);
    },
  };
}

/** Rejects with the signal's reason; without a signal, never. */
function refusedBy(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
