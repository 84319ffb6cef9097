import type { Id, Job, PartialJob, RemovedMember, Values, WholeJob } from "../../shared/types";
import type { Pending } from "./outbox";

const VALUES = ["report", "custom_fields"] as const;
const LISTS = ["photos", "comments", "attachments"] as const;

/** A job as the worker sees it: what the server said, with what was not sent yet on top. */
export interface Shown {
  job: Job;
  /** Merge names of what waits to be sent: `state`, `report.meter`. */
  unsent: ReadonlySet<string>;
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

/** The job with the pending operations replayed on it, in their order. */
export function show(job: Job, outbox: readonly Pending[], authorId?: Id): Shown {
  const unsent = new Set<string>();
  let shown = job;
  for (const one of outbox) {
    if (one.job_id !== job.id) continue;
    switch (one.type) {
      case "set_state":
        shown = { ...shown, state: one.state };
        unsent.add("state");
        break;
      case "set_report": {
        const report = mergeValues(shown.report, one.fields) ?? {};
        shown = { ...shown, report };
        for (const key of Object.keys(one.fields)) unsent.add(`report.${key}`);
        break;
      }
      case "add_comment": {
        const comment = { ...one.comment, author_id: authorId ?? "", happened_at: one.happened_at };
        shown = { ...shown, comments: [...(shown.comments ?? []), comment] };
        unsent.add(`comments.${comment.id}`);
        break;
      }
      case "add_photo":
        shown = { ...shown, photos: [...(shown.photos ?? []), { ...one.photo, state: "expected" }] };
        unsent.add(`photos.${one.photo.id}`);
        break;
      case "remove_photo":
        shown = { ...shown, photos: (shown.photos ?? []).filter((photo) => photo.id !== one.photo_id) };
        unsent.add(`photos.${one.photo_id}`);
        break;
      default:
        one satisfies never;
    }
  }
  return { job: shown, unsent };
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
