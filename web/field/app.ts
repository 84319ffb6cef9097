import { computed, effect, signal } from "@preact/signals";
import { createApi } from "../shared/api";
import type { Id, Intent, Job, JobState, SignedIn, SyncTrigger, Template } from "../shared/types";
import { t } from "./i18n";
import { dateIn, nowWithOffset } from "./sync/clock";
import { type Outcome, sync } from "./sync/engine";
import { type Shown, show } from "./sync/held";
import { currentWorker, deviceIdOf, setCurrentWorker } from "./sync/phone";
import { type Snapshot, Store, type Worker } from "./sync/store";
import { nextAt, retryAt } from "./sync/timer";
import { uuid7 } from "./sync/uuid7";

declare const __APP_VERSION__: string;

export const APP_VERSION = __APP_VERSION__;
const request = createApi("field");
const LATE_MS = 1_000;

/** What the screens show: one worker's phone, read anew after every change of the store. */
export const worker = signal<Worker | null>(null);
export const phone = signal<Snapshot | null>(null);
export const ready = signal(false);
export const online = signal(navigator.onLine);
export const outcome = signal<Outcome | null>(null);
/** A sync that takes longer than a second shows. */
export const syncingLong = signal(false);

export const offline = computed(() => !online.value || outcome.value?.end === "offline");
export const signInNeeded = computed(() => phone.value?.signInNeeded === true);
export const unsent = computed(() => phone.value?.outbox.length ?? 0);
export const zone = computed(() => worker.value?.user.time_zone ?? worker.value?.account.time_zone ?? "UTC");

const CLOSED = new Set<JobState>(["finished", "canceled"]);

/** Jobs as the worker sees them: what is to be done by planned time, then what is over. */
export const shownJobs = computed<Shown[]>(() => {
  const held = phone.value;
  if (!held) return [];
  return held.jobs
    .map((job) => show(job, held.outbox, worker.value?.user.id))
    .sort(
      (a, b) =>
        Number(CLOSED.has(a.job.state)) - Number(CLOSED.has(b.job.state)) ||
        (a.job.scheduled_at ?? "").localeCompare(b.job.scheduled_at ?? "") ||
        a.job.number - b.job.number,
    );
});

let store: Store | undefined;
let running: Promise<void> | undefined;
let again: SyncTrigger | undefined;
let failures = 0;
let dueAt = 0;
let today = "";
const otherTabs = new BroadcastChannel("naryad-field");

/** Read what the phone knows, show it, and begin to sync (R5). */
export async function start(): Promise<void> {
  const known = await currentWorker();
  if (known) await enter(known);
  ready.value = true;
  otherTabs.onmessage = () => void reread();
  addEventListener("online", () => {
    online.value = true;
    void syncNow("reconnect");
  });
  addEventListener("offline", () => {
    online.value = false;
  });
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 1_000);
  navigator.serviceWorker?.addEventListener("message", () => void reread());
  if (known) void syncNow("open");
}

/** Sign in as a worker on this phone. Work that was not sent waits in the worker's own store. */
export async function signIn(login: string, password: string): Promise<void> {
  const deviceId = await deviceIdOf(login);
  const body = {
    login,
    password,
    transport: "cookie",
    device: {
      id: deviceId,
      name: deviceName(),
      platform: "web",
      app_version: APP_VERSION,
      locale: navigator.language,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  };
  const answer = await request<SignedIn>("POST", "/v1/sessions", { body });
  if (!answer.device) throw new Error(t("signin.not-a-worker"));
  const known: Worker = { login, user: answer.user, account: answer.account, deviceId };
  await setCurrentWorker(known);
  await enter(known);
  await store?.set({ signInNeeded: false });
  const held = phone.value;
  if (held && held.outbox.length === 0) await store?.set({ lastSeq: answer.device.last_seq });
  void navigator.storage?.persist?.();
  await syncNow("open");
}

/** Sign out. Refused while work waits to be sent: it would be left behind. */
export async function signOut(): Promise<void> {
  if (unsent.value > 0) throw new Error(t("signout.unsent", { n: unsent.value }));
  await request("DELETE", "/v1/sessions/current").catch(() => undefined); // offline: the cookie ends by itself
  await setCurrentWorker(undefined);
  store?.close();
  store = undefined;
  worker.value = null;
  phone.value = null;
  outcome.value = null;
}

/** Keep what the worker did: durable when this returns. A change of state syncs at once (R6). */
export async function act(jobId: Id, intent: Intent): Promise<void> {
  await store?.add(intent, jobId, uuid7(), nowWithOffset());
  await changed();
  if (intent.type === "set_state") void syncNow("state_change");
  else void askForBackgroundSync();
}

export async function dismiss(noticeId: Id): Promise<void> {
  await store?.dismiss(noticeId);
  await changed();
}

/** Sync; while one runs, one more is remembered. Ends when the phone is up to date, or could not be. */
export function syncNow(trigger: SyncTrigger): Promise<void> {
  if (!store || !worker.value) return Promise.resolve();
  if (running) {
    again = trigger;
    return running;
  }
  running = syncWhileAsked(store, trigger).finally(() => {
    running = undefined;
  });
  return running;
}

export function templateOf(job: Job): Template | undefined {
  return phone.value?.templates.find((one) => one.id === job.template_id);
}

async function syncWhileAsked(held: Store, first: SyncTrigger): Promise<void> {
  let trigger: SyncTrigger | undefined = first;
  while (trigger) {
    again = undefined;
    const late = setTimeout(() => {
      syncingLong.value = true;
    }, LATE_MS);
    try {
      outcome.value = await sync(held, trigger, APP_VERSION);
    } finally {
      clearTimeout(late);
      syncingLong.value = false;
    }
    await changed();
    const failed = outcome.value.end === "offline" || outcome.value.end === "refused";
    failures = failed ? failures + 1 : 0;
    const interval = phone.value?.policy?.interval_s ?? 120;
    dueAt = failed
      ? retryAt(Date.now(), failures, Math.random())
      : nextAt(Date.now(), interval, Math.random());
    if (failed) void askForBackgroundSync();
    trigger = again;
  }
}

/** Once a second in the foreground, and when the page becomes visible again: by elapsed time (R4). */
function tick(): void {
  if (document.visibilityState !== "visible" || !worker.value) return;
  const date = dateIn(zone.value, new Date());
  if (today && date !== today) void syncNow("date_roll");
  else if (!running && dueAt && Date.now() >= dueAt) void syncNow("timer");
  today = date;
}

async function enter(known: Worker): Promise<void> {
  store?.close();
  store = await Store.open(known.user.id);
  worker.value = known;
  await reread();
}

async function reread(): Promise<void> {
  if (store) phone.value = await store.read();
}

async function changed(): Promise<void> {
  await reread();
  otherTabs.postMessage("changed");
}

/** Where the browser can: sync when the network is back, also with the app closed (R21). */
async function askForBackgroundSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/app/");
  const manager = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await manager?.register("naryad-sync").catch(() => undefined); // not allowed here: the timer does it
}

function deviceName(): string {
  const agent = navigator.userAgent;
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((one) =>
    agent.includes(one),
  );
  const browser = ["Firefox", "Edg", "YaBrowser", "Chrome", "Safari"].find((one) => agent.includes(one));
  return [browser === "Edg" ? "Edge" : browser, system].filter(Boolean).join(", ") || "Web";
}

effect(() => {
  document.documentElement.dataset["offline"] = String(offline.value);
});
