import { computed, signal } from "@preact/signals";
import { type Id, JOB_STATES, type Job, type JobState, type JobsPage } from "../../shared/types";
import { earlier, parsePosition } from "../live/position";
import { askForUser } from "../people/directory";
import { parseFilter, rememberFilter } from "../route";
import { zone } from "../session/account";
import { request } from "../session/session";
import { applyChange, type ChangeEvent, type JobRow } from "./change-event";
import { type Filter, isNarrow, matches, toQuery } from "./filter";

/** Held whole: a dispatcher must see every one of them. */
const OPEN: readonly JobState[] = JOB_STATES.filter((state) => state !== "finished" && state !== "canceled");
/** Grows for ever: the newest ones first, more on demand, unless a filter narrows it. */
const CLOSED: readonly JobState[] = ["finished", "canceled"];

const PAGE = 500;
const MOST_AT_ONCE = 3000;
const CLOSED_AT_FIRST = 100;

export const filter = signal<Filter>(parseFilter(window.location.search));
export const rows = signal<ReadonlyMap<Id, JobRow>>(new Map());
export const loading = signal(true);
export const failure = signal<unknown>(null);
/** The page to go on with where there are more: of open jobs, of closed ones. */
export const more = signal<{ open: string | null; closed: string | null }>({ open: null, closed: null });
/** Rows that changed under the reader's eyes, until they have been pointed out. */
export const fresh = signal<ReadonlySet<Id>>(new Set());

/** The rows by state, each group in the order of its plan. */
export const groups = computed(() => {
  const found = new Map<JobState, JobRow[]>(JOB_STATES.map((state) => [state, []]));
  for (const row of rows.value.values()) found.get(row.state)?.push(row);
  for (const [state, members] of found) members.sort(CLOSED.includes(state) ? newestFirst : byPlan);
  return found;
});

let readAt = 0;
let generation = 0;

/** The changes heard since a position, from the live connection: they are applied on top of what was read. */
export type Since = (position: string) => readonly ChangeEvent[] | null;

/** Read the list anew. Answers the position it was read at; null when a younger reading has overtaken this one. */
export async function load(since: Since): Promise<string | null> {
  const mine = ++generation;
  loading.value = true;
  try {
    for (;;) {
      const narrow = isNarrow(filter.value);
      const open = await readAll(OPEN, MOST_AT_ONCE);
      const closed = await readAll(CLOSED, narrow ? MOST_AT_ONCE : CLOSED_AT_FIRST);
      if (mine !== generation) return null;
      const position = earlier(open.position, closed.position);
      const missed = position && since(position);
      if (!position || !missed) continue; // the history began anew, or ran ahead, while reading
      rows.value = new Map([...open.jobs, ...closed.jobs].map((job) => [job.id, job]));
      more.value = { open: open.next, closed: closed.next };
      readAt = parsePosition(position)?.version ?? 0;
      failure.value = null;
      applyChanges(missed);
      return position;
    }
  } catch (error) {
    if (mine === generation) failure.value = error;
    throw error;
  } finally {
    if (mine === generation) loading.value = false;
  }
}

/** Show more of the closed, or of very many open, jobs. */
export async function loadMore(kind: "open" | "closed"): Promise<void> {
  const mine = generation;
  const after = more.value[kind];
  if (!after) return;
  const page = await readPage(kind === "open" ? OPEN : CLOSED, CLOSED_AT_FIRST, after);
  if (mine !== generation) return;
  const held = new Map(rows.value);
  for (const job of page.jobs) if ((held.get(job.id)?.version ?? -1) < job.version) held.set(job.id, job);
  rows.value = held;
  more.value = { ...more.value, [kind]: page.next ?? null };
}

/** Bring the list up to date with live changes, in the order of their versions. */
export function applyChanges(events: readonly ChangeEvent[]): void {
  const held = new Map(rows.value);
  const changed = new Set<Id>();
  for (const event of events) {
    const effect = applyChange(event, event.job ? held.get(event.job.id) : undefined, readAt);
    if (effect.do === "remove") held.delete(effect.id);
    if (effect.do !== "put") continue;
    const { row } = effect;
    for (const one of row.assignees ?? []) askForUser(one.worker_id);
    if (matches(row, filter.value, zone.value, held.has(row.id))) {
      held.set(row.id, row);
      changed.add(row.id);
    } else {
      held.delete(row.id);
    }
  }
  rows.value = held;
  if (changed.size > 0) fresh.value = changed;
}

/** What a write of our own answered: shown at once, before its event arrives. */
export function putJob(job: Job): void {
  const held = rows.value.get(job.id);
  if (held && held.version >= job.version) return;
  if (!matches(job, filter.value, zone.value, held !== undefined)) return;
  rows.value = new Map(rows.value).set(job.id, job);
}

export function dropJob(id: Id): void {
  const held = new Map(rows.value);
  if (held.delete(id)) rows.value = held;
}

export function setFilter(changed: Partial<Filter>): void {
  filter.value = { ...filter.value, ...changed };
  rememberFilter(filter.value);
}

interface Reading {
  jobs: Job[];
  next: string | null;
  position: string;
}

async function readAll(states: readonly JobState[], most: number): Promise<Reading> {
  const first = await readPage(states, Math.min(most, PAGE), null);
  const found: Reading = { jobs: first.jobs, next: first.next ?? null, position: first.position };
  while (found.next && found.jobs.length < most) {
    const page = await readPage(states, PAGE, found.next);
    found.jobs.push(...page.jobs);
    found.next = page.next ?? null;
  }
  return found;
}

function readPage(states: readonly JobState[], limit: number, after: string | null): Promise<JobsPage> {
  const named = states.map((state) => `state=${state}`).join("&");
  const query = Object.entries({ ...toQuery(filter.value, zone.value), limit, after: after ?? "" })
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return request("GET", `/v1/jobs?${[named, ...query].join("&")}`);
}

function byPlan(a: JobRow, b: JobRow): number {
  const [left, right] = [a.scheduled_at, b.scheduled_at].map((at) => (at ? Date.parse(at) : Infinity));
  return left === right ? a.number - b.number : (left ?? 0) - (right ?? 0);
}

function newestFirst(a: JobRow, b: JobRow): number {
  return byPlan(b, a);
}
