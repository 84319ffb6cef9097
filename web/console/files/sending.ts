import { effect, signal } from "@preact/signals";
import { Tus, UploadGone } from "../../shared/tus";
import type { Id, Job } from "../../shared/types";
import { uuid7 } from "../../shared/uuid7";
import { t } from "../i18n/tongue";
import { keepJob } from "../jobs/opened";
import { request, signedInAgain } from "../session/session";
import { type Trouble, troubleOf } from "../ui/problem";
import { type Parcel, type Progress, sendFile, Unreadable } from "./send-file";

/** A file on its way to a job, as the panel shows it. */
export interface Sending {
  readonly parcel: Parcel;
  readonly progress: Progress | { phase: "queued"; done: number };
  /** Why it stopped; "Try again" goes on where it was. */
  readonly trouble: Trouble | null;
}

/** As many as the server lets a job have. */
export const MOST = 100;

/** Across the jobs: an upload goes on while another job is looked at. */
export const sendings = signal<ReadonlyMap<Id, Sending>>(new Map());

/** The last file that arrived, for those who do not see it appear. */
export const arrived = signal<{ jobId: Id; name: string } | null>(null);

const tus = new Tus("console");
const stops = new Map<Id, AbortController>();
let working = false;

export function sendingsOf(jobId: Id): Sending[] {
  return [...sendings.value.values()].filter((one) => one.parcel.jobId === jobId);
}

/** Send files one after another. Answers how many there was no room for: a job has at most MOST. */
export function attachFiles(job: Job, files: readonly File[]): number {
  const room = Math.max(0, MOST - (job.attachments?.length ?? 0) - sendingsOf(job.id).length);
  for (const file of files.slice(0, room)) queue({ file, id: uuid7(), jobId: job.id });
  return Math.max(0, files.length - room);
}

export function tryAgain({ parcel }: Sending): void {
  queue(parcel);
}

/** Stop sending, and forget what has arrived of it. */
export async function cancel({ parcel }: Sending): Promise<void> {
  stops.get(parcel.id)?.abort();
  forget(parcel.id);
  if (!parcel.upload) return;
  try {
    await tus.end(parcel.upload, AbortSignal.timeout(10_000));
  } catch (error) {
    console.warn("the server forgets a given-up upload by itself, in some days", error);
  }
}

/** A page that is closed while it sends loses what it was sending: the browser asks first. */
export function warnWhileSending(): void {
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  effect(() => {
    if (![...sendings.value.values()].some((one) => !one.trouble)) return undefined;
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  });
}

function queue(parcel: Parcel): void {
  put({ parcel, progress: { phase: "queued", done: 0 }, trouble: null });
  if (!working) void work();
}

async function work(): Promise<void> {
  working = true;
  for (;;) {
    const next = [...sendings.value.values()].find((one) => one.progress.phase === "queued" && !one.trouble);
    if (!next) break;
    await sendOne(next.parcel);
  }
  working = false;
}

async function sendOne(parcel: Parcel): Promise<void> {
  const stop = new AbortController();
  stops.set(parcel.id, stop);
  let progress: Progress = { phase: "reading", done: 0 };
  const told = (now: Progress) => {
    progress = now;
    if (!stop.signal.aborted) put({ parcel, progress: now, trouble: null });
  };
  try {
    await sendFile(parcel, { tus, attach, told, pause, signedInAgain, stop: stop.signal });
    forget(parcel.id);
    arrived.value = { jobId: parcel.jobId, name: parcel.file.name };
  } catch (error) {
    if (!stop.signal.aborted) put({ parcel, progress, trouble: wordsFor(error) });
  } finally {
    stops.delete(parcel.id);
  }

  async function attach(uploadId: Id): Promise<void> {
    const options = { body: { upload_id: uploadId }, signal: stop.signal };
    keepJob(await request<Job>("POST", `/v1/jobs/${parcel.jobId}/attachments`, options));
  }
}

function wordsFor(error: unknown): Trouble {
  if (error instanceof Unreadable) return { summary: t("files.unreadable"), fields: {} };
  if (error instanceof UploadGone) return { summary: t("files.changedOnTheWay"), fields: {} };
  return troubleOf(error);
}

function pause(seconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const go = () => {
      over.abort();
      clearTimeout(timer);
      if (stop.aborted) reject(stop.reason);
      else resolve();
    };
    const timer = setTimeout(go, seconds * 1000);
    window.addEventListener("online", go, { signal: over.signal });
    stop.addEventListener("abort", go, { signal: over.signal });
  });
}

function put(one: Sending): void {
  sendings.value = new Map(sendings.value).set(one.parcel.id, one);
}

function forget(id: Id): void {
  const rest = new Map(sendings.value);
  rest.delete(id);
  sendings.value = rest;
}
