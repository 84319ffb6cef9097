import { computed, signal } from "@preact/signals";
import type { Id, Job, JobState, Template } from "../shared/types";
import { unproved } from "./files/held-file";
import type { Progress } from "./files/lane";
import { type Shown, show } from "./sync/held";
import type { Worker } from "./sync/installation";
import { type Snapshot, Store } from "./sync/store";
import { knownZone } from "./sync/workday";

/** What the screens show: one worker's phone, read anew after every change of its store. */
export const worker = signal<Worker | null>(null);
export const phone = signal<Snapshot | null>(null);

export const signInNeeded = computed(() => phone.value?.signInNeeded === true);
/** R20: changes not yet acknowledged, and photos not yet proved to be on the server. */
export const unsent = computed(
  () => (phone.value?.outbox.length ?? 0) + unproved(phone.value?.photos ?? []).length,
);
/** The file that is on its way now, in whichever tab. */
export const moving = signal<Progress | null>(null);
export const zone = computed(() => knownZone(worker.value?.user.time_zone, worker.value?.account.time_zone));

const CLOSED = new Set<JobState>(["finished", "canceled"]);

/** Jobs as the worker sees them: what is to be done by planned time, then what is over. */
export const shownJobs = computed<Shown[]>(() => {
  const held = phone.value;
  return held ? held.jobs.map((job) => shownOf(job, held, false)).sort(byPlan) : [];
});

let store: Store | undefined;
const otherTabs = new BroadcastChannel("naryad-field");

otherTabs.onmessage = (event) => {
  const said = event.data as "worker" | "changed" | { moving: Progress | null };
  if (said === "worker") location.reload();
  else if (said === "changed") void reread();
  else moving.value = said.moving;
};

/** One job; also one that was taken away, while unsent work or a notice speaks of it. */
export function shownJob(id: Id): Shown | undefined {
  const held = phone.value;
  const gone = held?.gone.find((one) => one.id === id);
  if (held && gone) return shownOf(gone, held, true);
  return shownJobs.value.find((one) => one.job.id === id);
}

export function templateOf(job: Job): Template | undefined {
  return phone.value?.templates.find((one) => one.id === job.template_id);
}

/** The store of who is signed in. */
export function openStore(): Store {
  if (!store) throw new Error("Nobody is signed in on this phone.");
  return store;
}

export async function enter(known: Worker): Promise<void> {
  store?.close();
  store = await Store.open(known.user.id);
  worker.value = known;
  await reread();
}

export function leave(): void {
  store?.close();
  store = undefined;
  worker.value = null;
  phone.value = null;
  otherTabs.postMessage("worker");
}

/** Another worker has signed in here: the other tabs must not work on in the name of the last one. */
export function tellOtherTabs(): void {
  otherTabs.postMessage("worker");
}

export async function reread(): Promise<void> {
  if (store) phone.value = await store.read();
}

/** This page moves a file. */
export function sayMoving(progress: Progress | null): void {
  moving.value = progress;
  otherTabs.postMessage({ moving: progress });
}

/** The store has changed by this page's hand. */
export async function changed(): Promise<void> {
  await reread();
  otherTabs.postMessage("changed");
}

function shownOf(job: Job, held: Snapshot, gone: boolean): Shown {
  return show(job, held.outbox, { workerId: worker.value?.user.id ?? "", template: templateOf(job), gone });
}

function byPlan({ job: a }: Shown, { job: b }: Shown): number {
  return (
    Number(CLOSED.has(a.state)) - Number(CLOSED.has(b.state)) ||
    (a.scheduled_at ?? "").localeCompare(b.scheduled_at ?? "") ||
    a.number - b.number
  );
}
