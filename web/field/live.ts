/**
 * While the app is looked at and the network is fast, a change at the desk syncs at once instead of after two
 * minutes. On a slow network heartbeats would keep the radio awake for little: there the timer and pushes do.
 */
import { computed, effect, signal } from "@preact/signals";
import { EventStream, type Frame } from "../shared/event-stream";
import type { Id } from "../shared/types";
import { network } from "./carry";
import { phone, reread, signInNeeded, worker } from "./phone";
import { betweenSyncs } from "./sync/sync";

const LOCK = "naryad-field-live";
/** A burst of changes is one sync. */
const GATHER_MS = 200;
const ASK_AGAIN_MS = 5_000;

interface Told {
  job: { id: Id; version: number };
  gone?: boolean;
}

const visible = signal(document.visibilityState === "visible");
/** Whose stream it is to be; null: none now. */
const listener = computed(() =>
  visible.value && network.value === "fast" && !signInNeeded.value ? (worker.value?.user.id ?? null) : null,
);

let told: Told[] = [];
let gathering = false;

/** Keep a stream open while it is wanted, in one tab of this browser. */
export function followLive(syncNow: () => Promise<void>): void {
  document.addEventListener("visibilitychange", () => {
    visible.value = document.visibilityState === "visible";
  });
  let whose: Id | null = null;
  let position: string | null = null;
  effect(() => {
    const user = listener.value;
    if (user === null) return;
    if (user !== whose) position = null;
    whose = user;
    const over = new AbortController();
    const listen = () =>
      listening(position, over.signal, (frame) => {
        // What came between the last sync and a stream that begins now was not told.
        if (frame.event === "resync" || position === null) void syncNow();
        else if (frame.event === "change") gather(JSON.parse(frame.data) as Told, syncNow);
        if (frame.id) position = frame.id;
      });
    navigator.locks.request(LOCK, { signal: over.signal }, listen).catch((reason: unknown) => {
      if (!over.signal.aborted) throw reason;
    });
    return () => over.abort();
  });
}

/** A stream until `over`. */
function listening(position: string | null, over: AbortSignal, frame: (frame: Frame) => void): Promise<void> {
  return new Promise((done) => {
    const refused = () => new Promise<void>((wait) => setTimeout(wait, ASK_AGAIN_MS));
    const stream = new EventStream("field", position, { frame, state: () => undefined, refused });
    over.addEventListener("abort", () => {
      stream.close();
      done();
    });
  });
}

function gather(news: Told, syncNow: () => Promise<void>): void {
  told.push(news);
  if (gathering) return;
  gathering = true;
  setTimeout(() => void catchUp(syncNow), GATHER_MS);
}

async function catchUp(syncNow: () => Promise<void>): Promise<void> {
  gathering = false;
  try {
    await betweenSyncs(reread); // one under way may bring it, and brings what this phone did
  } catch (error) {
    console.error(error); // the sync meets the same, and tells the worker
  }
  const news = told;
  told = [];
  if (news.some(isNew)) void syncNow();
}

function isNew({ job, gone }: Told): boolean {
  const held = phone.value?.jobs.find((one) => one.id === job.id);
  return gone ? held !== undefined : held === undefined || held.version < job.version;
}
