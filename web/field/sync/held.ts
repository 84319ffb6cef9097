import { movesFrom } from "../../shared/transitions";
import type { Id, Job, PartialJob, RemovedMember, Template, Values, WholeJob } from "../../shared/types";
import type { Pending } from "./outbox";

const VALUES = ["report", "custom_fields"] as const;
const LISTS = ["photos", "comments", "attachments"] as const;

/** A job as the worker sees it: what the server said, with what was not sent yet on top. */
export interface Shown {
  job: Job;
  /** Merge names of what waits to be sent: `state`, `report.meter`. */
  unsent: ReadonlySet<string>;
  /** Taken away meanwhile; still here because unsent work or an unread notice speaks of it. */
  gone: boolean;
}

/** Take in a job from the server, whole or in part. A part of a job that is not held is no job: undefined. */
export function takeIn(held: Job | undefined, news: WholeJob | PartialJob): Job | undefined {
  const { complete, ...members } = news;
  if (complete) return members as Job;
  if (!held) return undefined;
  const job: Record<string, unknown> = { ...held };
  for (const [name, value] of Object.entries(members)) {
    if (isOneOf(VALUES, name)) job[name] = mergeValues(held[name], value as Values | null);
    else if (isOneOf(LISTS, name))
      job[name] = mergeList(held[name], value as (Member | RemovedMember)[] | null);
    else job[name] = value;
    if (isEmpty(job[name])) delete job[name];
  }
  return job as unknown as Job;
}

/** What the replay needs to know beside the job and the outbox. */
export interface Around {
  workerId: Id;
  template: Template | undefined;
  gone?: boolean;
}

/** The job with its pending operations replayed on it, in their order. */
export function show(job: Job, outbox: readonly Pending[], around: Around): Shown {
  const unsent = new Set<string>();
  let shown = job;
  for (const one of outbox) {
    if (one.job_id !== job.id) continue;
    shown = { ...shown, ...replay(shown, one, around) };
    for (const name of namesOf(one)) unsent.add(name);
  }
  return { job: shown, unsent, gone: around.gone ?? false };
}

/** The members that one operation changes. A move that the table does not know from here changes nothing. */
function replay(job: Job, one: Pending, around: Around): Partial<Job> {
  switch (one.type) {
    case "set_state": {
      if (!movesFrom("worker", job.state).includes(one.state)) return {};
      const resolution = around.template?.resolutions?.find(({ id }) => id === one.resolution_id);
      return { state: one.state, ...(resolution ? { resolution } : {}) };
    }
    case "set_report":
      return { report: mergeValues(job.report, one.fields) };
    case "add_comment": {
      const comment = { ...one.comment, author_id: around.workerId, happened_at: one.happened_at };
      return { comments: mergeList(job.comments, [comment]) as Job["comments"] & {} };
    }
    case "add_photo":
      return { photos: [...(job.photos ?? []), { ...one.photo, state: "expected" }] };
    case "remove_photo":
      return { photos: (job.photos ?? []).filter((photo) => photo.id !== one.photo_id) };
    default:
      return one satisfies never;
  }
}

/** Merge names of what an operation touches. */
export function namesOf(one: Pending): string[] {
  switch (one.type) {
    case "set_state":
      return ["state"];
    case "set_report":
      return Object.keys(one.fields).map((key) => `report.${key}`);
    case "add_comment":
      return [`comments.${one.comment.id}`];
    case "add_photo":
      return [`photos.${one.photo.id}`];
    case "remove_photo":
      return [`photos.${one.photo_id}`];
    default:
      return one satisfies never;
  }
}

type Member = { id: Id };

function mergeValues(held: Values | null | undefined, news: Values | null): Values | null {
  if (news === null) return null;
  const merged = Object.entries({ ...held, ...news }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

function mergeList(
  held: readonly Member[] | null | undefined,
  news: readonly (Member | RemovedMember)[] | null,
): Member[] | null {
  if (news === null) return null;
  const byId = new Map<Id, Member>((held ?? []).map((one) => [one.id, one]));
  for (const one of news) {
    if ("removed" in one) byId.delete(one.id);
    else byId.set(one.id, one);
  }
  return [...byId.values()];
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
