import { effect, signal } from "@preact/signals";
import { ProblemError } from "../../shared/api";
import type { Change, Conflict, ConflictsPage, HistoryPage, Id, Job } from "../../shared/types";
import { request } from "../session/session";
import type { ChangeEvent } from "./change-event";
import { dropJob, putJob } from "./list";

/** A push that told a phone of the job, and what became of it. */
export interface Push {
  id: Id;
  worker_id: Id;
  worker_name: string;
  device_id?: Id | null;
  device_name?: string | null;
  channel?: string | null;
  reason: "assigned" | "changed" | "state";
  state: "pending" | "sent" | "dead" | "skipped";
  detail?: string | null;
  silent?: boolean | null;
  created_at: string;
  sent_at?: string | null;
}

/** The job in the panel, kept whole and live. */
export interface Opened {
  id: Id;
  job: Job | null;
  /** `gone`: deleted while it was open; what was known of it stays readable. */
  is: "loading" | "here" | "gone" | "missing" | "failed";
  failure: unknown;
  /** The oldest first. */
  history: readonly Change[];
  pushes: readonly Push[];
  /** The newest first, open and closed. */
  conflicts: readonly Conflict[];
}

export const opened = signal<Opened | null>(null);

const HISTORY_PAGE = 500;
const CONFLICTS_PAGE = 100;
const PUSH_PAUSE_MS = 1500;
const PUSH_TRIES = 20;

export function open(id: Id): void {
  if (opened.value?.id === id) return;
  opened.value = { id, job: null, is: "loading", failure: null, history: [], pushes: [], conflicts: [] };
  refresh();
}

export function close(): void {
  opened.value = null;
}

/** What a write of our own answered. */
export function keepJob(job: Job): void {
  putJob(job);
  const now = opened.value;
  if (now?.id !== job.id) return;
  if (!now.job || now.job.version <= job.version) opened.value = { ...now, job, is: "here" };
  refresh();
}

/** An attachment that we removed: gone at once, before its event arrives. */
export function dropAttachment(jobId: Id, attachmentId: Id): void {
  const now = opened.value;
  if (now?.job?.id !== jobId) return;
  const attachments = (now.job.attachments ?? []).filter((one) => one.id !== attachmentId);
  opened.value = { ...now, job: { ...now.job, attachments } };
  refresh();
}

export function hear(event: ChangeEvent): void {
  const now = opened.value;
  if (!now || event.job?.id !== now.id) return;
  if (event.kind === "deleted") opened.value = { ...now, is: "gone" };
  refresh();
}

let running = false;
let wanted = false;

/** Read the open job anew. Asked again while reading, it reads once more: never two at a time. */
export function refresh(): void {
  wanted = true;
  if (!running) void keepReading();
}

async function keepReading(): Promise<void> {
  running = true;
  while (wanted && opened.value) {
    wanted = false;
    const { id, history } = opened.value;
    const answers = await Promise.allSettled([
      request<Job>("GET", `/v1/jobs/${id}`),
      readHistory(id, history.at(-1)?.version ?? 0),
      readPushes(id),
      readConflicts(id),
    ]);
    if (opened.value?.id !== id) continue;
    keep(id, ...answers);
  }
  running = false;
}

function keep(
  id: Id,
  job: PromiseSettledResult<Job>,
  history: PromiseSettledResult<Change[]>,
  pushes: PromiseSettledResult<Push[]>,
  conflicts: PromiseSettledResult<Conflict[]>,
): void {
  const before = opened.value;
  if (!before) return;
  const now: Opened = { ...before, failure: null };
  if (job.status === "fulfilled") {
    if (!now.job || now.job.version <= job.value.version) now.job = job.value;
    if (now.is !== "gone") now.is = "here";
    putJob(job.value);
  } else if (job.reason instanceof ProblemError && job.reason.status === 404) {
    now.is = now.job || now.is === "gone" ? "gone" : "missing";
    dropJob(id);
  } else {
    now.failure = job.reason;
    if (!now.job) now.is = "failed";
  }
  if (history.status === "fulfilled") now.history = [...now.history, ...history.value];
  if (now.is === "missing" && now.history.length > 0) now.is = "gone";
  if (pushes.status === "fulfilled") now.pushes = pushes.value;
  if (conflicts.status === "fulfilled") now.conflicts = conflicts.value;
  opened.value = now;
}

async function readHistory(id: Id, after: number): Promise<Change[]> {
  const changes: Change[] = [];
  let next: number | null = after;
  while (next !== null) {
    const page: HistoryPage = await request("GET", `/v1/jobs/${id}/history`, {
      query: { after: next, limit: HISTORY_PAGE },
    });
    changes.push(...page.changes);
    next = page.next ?? null;
  }
  return changes;
}

async function readConflicts(id: Id): Promise<Conflict[]> {
  const query = { limit: CONFLICTS_PAGE };
  return (await request<ConflictsPage>("GET", `/v1/jobs/${id}/conflicts`, { query })).conflicts;
}

async function readPushes(id: Id): Promise<Push[]> {
  return (await request<{ pushes: Push[] }>("GET", `/v1/jobs/${id}/pushes`)).pushes;
}

/** A push on its way is followed for a while: its sending is no change of the job, so no event tells of it. */
export function followPushes(): void {
  let tries = 0;
  let newest = "";
  effect(() => {
    const now = opened.value;
    if (!now?.pushes.some((push) => push.state === "pending")) return undefined;
    const key = `${now.id} ${now.pushes.at(-1)?.id} ${now.pushes[0]?.id}`;
    tries = key === newest ? tries + 1 : 0;
    newest = key;
    if (tries >= PUSH_TRIES) return undefined;
    const timer = setTimeout(async () => {
      try {
        const pushes = await readPushes(now.id);
        if (opened.value?.id === now.id) opened.value = { ...opened.value, pushes };
      } catch (error) {
        console.warn("notifications could not be read", error);
      }
    }, PUSH_PAUSE_MS);
    return () => clearTimeout(timer);
  });
}
