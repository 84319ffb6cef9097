import { createApi } from "../../shared/api";
import type { SyncTrigger } from "../../shared/types";
import { exchange, type Outcome } from "./engine";
import { networkClass } from "./network";
import type { Store } from "./store";

declare const __APP_VERSION__: string;

export const APP_VERSION = __APP_VERSION__;
const LOCK = "naryad-sync";
const request = createApi("field");

/** One sync. One at a time in all tabs and the service worker, else operations would be sent twice. */
export function sync(store: Store, trigger: SyncTrigger, doubtful = !navigator.onLine): Promise<Outcome> {
  const health = { network: networkClass(), appVersion: APP_VERSION, doubtful };
  return navigator.locks.request(LOCK, () => exchange(store, request, trigger, health));
}

/** Do something while no sync runs, in any tab. */
export function betweenSyncs<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(LOCK, work);
}
