import { createApi } from "../../shared/api";
import type { SyncTrigger } from "../../shared/types";
import { exchange, type Outcome } from "./engine";
import { type KeptLink, Link } from "./link";
import { DEFAULT_POLICY } from "./policy";
import type { Store } from "./store";

declare const __APP_VERSION__: string;

export const APP_VERSION = __APP_VERSION__;
const LOCK = "naryad-sync";
/** The link as this tab, or the service worker, knows it. */
export const link = new Link();
const request = createApi("field", (bytes, seconds) => link.noted(bytes, seconds));

/** One sync. One at a time in all tabs and the service worker, else operations would be sent twice. */
export function sync(store: Store, trigger: SyncTrigger, doubtful = !navigator.onLine): Promise<Outcome> {
  return navigator.locks.request(LOCK, async () => {
    const facts = await store.facts();
    link.adopt(facts.link);
    const network = link.network(facts.policy ?? DEFAULT_POLICY) === "slow" ? "slow" : "fast";
    const outcome = await exchange(store, request, trigger, { network, appVersion: APP_VERSION, doubtful });
    await keepLink(store, facts.link);
    return outcome;
  });
}

/** What was measured, for the other tabs and the service worker. */
async function keepLink(store: Store, before: KeptLink | null): Promise<void> {
  const kept = link.kept();
  if (kept.measuredAt !== before?.measuredAt) await store.set({ link: kept });
}

/** Do something while no sync runs, in any tab. */
export function betweenSyncs<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(LOCK, work);
}
