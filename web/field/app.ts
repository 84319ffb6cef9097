import { computed, signal } from "@preact/signals";
import type { Id, Intent, SyncTrigger } from "../shared/types";
import { carryFiles, forgetDelays, lookAtNetwork, watchNetwork } from "./carry";
import type { Picture } from "./files/held-file";
import type { LaneEnd } from "./files/lane";
import { hasRoomForPhoto, isOutOfRoom } from "./files/room";
import { followLive } from "./live";
import { changed, enter, openStore, phone, reread, worker, zone } from "./phone";
import { keepPushes, watchPermission } from "./push/here";
import { nowWithOffset } from "./sync/clock";
import type { Outcome } from "./sync/engine";
import { currentWorker } from "./sync/installation";
import { AT_ONCE, asked, DEFAULT_POLICY, failed, nextAt, succeeded } from "./sync/policy";
import { sync } from "./sync/sync";
import { uuid7 } from "./sync/uuid7";
import { dayIn } from "./sync/workday";

const TICK_MS = 1_000;
/** A sync that takes longer shows. */
const LATE_MS = 1_000;
/** Typing syncs when the worker has stopped, not at every word. */
const QUIET_MS = 3_000;

const SOON_MS = 1_000;
const SOON_ATTEMPTS = 3;

export const ready = signal(false);
export const online = signal(navigator.onLine);
/** How the last sync ended; null before the first. */
export const outcome = signal<Outcome | null>(null);
export const syncing = signal(false);
export const syncingLong = signal(false);
/** Something that this page could not do, for the worker; null when all is well. */
export const trouble = signal<"not-saved" | "no-space" | "full" | "broken" | null>(null);
/** Today on the worker's wall clock: rolls over at midnight. */
export const today = signal(dayIn("UTC", Date.now()));

/** R18: `onLine` stays true when only the server is gone, so failed syncs count as well. */
export const offline = computed(() => !online.value || outcome.value?.end === "offline");

let schedule = AT_ONCE;
let wanted: SyncTrigger | undefined;
let running: Promise<void> | undefined;
/** Attempts left to make soon: in the first seconds after it came back, a network is not to be trusted. */
let soon = 0;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Read what the phone knows, show it, and begin to sync (R5). */
export async function start(): Promise<void> {
  const known = await currentWorker();
  if (known) await enter(known);
  today.value = dayIn(zone.value, Date.now());
  ready.value = true;
  addEventListener("online", () => {
    online.value = true;
    schedule = { ...schedule, failures: 0 };
    soon = SOON_ATTEMPTS;
    if (worker.value) void forgetDelays();
    void syncNow("reconnect"); // R21
  });
  addEventListener("offline", () => {
    online.value = false;
    lookAtNetwork();
  });
  watchNetwork(() => void syncNow("reconnect"));
  watchPermission();
  followLive(() => syncNow("push"));
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, TICK_MS);
  navigator.serviceWorker?.addEventListener("message", (event) => {
    const { synced, open } = event.data as { synced?: boolean; open?: string };
    if (synced) void syncedElsewhere();
    if (open) void syncNow("push"); // a notification was tapped; the sync that it came with may have failed
  });
  await syncNow("open");
}

/**
 * Keep what the worker did, a photo with its bytes: durable when this returns true. Work syncs at once (R6),
 * typing when it rests.
 */
export async function act(jobId: Id, intent: Intent, picture?: Picture): Promise<boolean> {
  if (picture && !(await hasRoomForPhoto(picture.bytes.size))) {
    trouble.value = "no-space";
    return false;
  }
  try {
    await openStore().add(intent, jobId, uuid7(), nowWithOffset(), picture);
  } catch (error) {
    trouble.value = picture && isOutOfRoom(error) ? "no-space" : "not-saved";
    console.error(error);
    return false;
  }
  trouble.value = null;
  await changed();
  clearTimeout(typing);
  if (intent.type === "set_report") typing = setTimeout(() => void syncNow("state_change"), QUIET_MS);
  else void syncNow("state_change");
  return true;
}

export async function dismiss(noticeId: Id): Promise<void> {
  await openStore().dismiss(noticeId);
  await changed();
}

/**
 * Sync for this reason; while one runs, once more after it. Ends when the phone is up to date, or cannot be.
 * A server that asked for peace (Retry-After) is left in peace: the timer comes back to it.
 */
export function syncNow(trigger: SyncTrigger): Promise<void> {
  if (!worker.value) return Promise.resolve();
  schedule = asked(schedule, now());
  wanted = trigger;
  running ??= syncWhileWanted().finally(() => {
    running = undefined;
  });
  return running;
}

async function syncWhileWanted(): Promise<void> {
  while (wanted && worker.value && now() >= nextAt(schedule)) {
    const trigger = wanted;
    wanted = undefined;
    const began = now();
    syncing.value = true;
    const late = setTimeout(() => {
      syncingLong.value = true;
    }, LATE_MS);
    try {
      outcome.value = await sync(openStore(), trigger, offline.value);
      if (trouble.value === "broken" || trouble.value === "full") trouble.value = null;
    } catch (error) {
      trouble.value = isOutOfRoom(error) ? "full" : "broken";
      outcome.value = { end: "stuck" };
      console.error(error);
    }
    clearTimeout(late);
    syncingLong.value = false;
    await changed();
    syncing.value = false;
    lookAtNetwork();
    plan(outcome.value, began);
    if (outcome.value.end === "done") {
      carryFiles(afterFiles);
      keepPushes();
    }
    if (wanted) schedule = asked(schedule, now()); // asked for while this one ran
  }
}

/** Photos that were sent are proved by the next sync; one that failed is tried again with a sync when it is due. */
function afterFiles({ sent, dueAt }: LaneEnd): void {
  if (sent > 0) void syncNow("timer");
  else if (dueAt !== undefined) schedule = { ...schedule, dueAt: Math.min(schedule.dueAt, dueAt) };
}

/** The next one by the timer: two minutes from beginning to beginning, sooner or later after a failure. */
function plan(last: Outcome, began: number): void {
  if (last.end === "done" || last.end === "sign-in") {
    schedule = succeeded(interval(), began, Math.random());
    return;
  }
  const wait = "retryAfterS" in last ? last.retryAfterS : undefined;
  schedule = failed(schedule, interval(), now(), Math.random(), wait);
  if (last.end === "offline" && !wait && soon > 0) {
    soon -= 1;
    setTimeout(() => void syncNow("reconnect"), SOON_MS);
  }
  void askForBackgroundSync();
}

/** Once a second in the foreground, and when the page becomes visible again: by elapsed time (R4). */
function tick(): void {
  if (document.visibilityState !== "visible" || !worker.value) return;
  const day = dayIn(zone.value, Date.now());
  const rolled = day.date !== today.value.date;
  if (rolled) today.value = day;
  if (running) return;
  const clockWentBack = schedule.dueAt - now() > 2 * interval();
  if (clockWentBack) schedule = asked(schedule, now());
  if (rolled) void syncNow("date_roll");
  else if (now() >= nextAt(schedule)) void syncNow(wanted ?? "timer");
}

/** The service worker has synced, for a push or because the network came back. */
async function syncedElsewhere(): Promise<void> {
  if (outcome.value?.end === "offline") outcome.value = { end: "done" };
  await reread();
  lookAtNetwork();
}

/** Where the browser can: sync when the network is back, also with the app closed (R21). */
async function askForBackgroundSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/app/");
  const manager = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await manager?.register("naryad-sync").catch(() => undefined); // not allowed here: the timer does it
}

function interval(): number {
  return phone.value?.policy?.interval_s ?? DEFAULT_POLICY.interval_s;
}

/** Seconds by the wall clock, which goes on while the phone sleeps. */
function now(): number {
  return Date.now() / 1000;
}
