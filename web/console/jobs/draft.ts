/**
 * An edit in progress. Only what the dispatcher touched is in it: untouched fields follow the live job, touched
 * ones stay as typed, and when the live value moves meanwhile the field is marked with both. Pure.
 */
import type { Job, JobCreate, JobPatch } from "../../shared/types";

/** What a dispatcher can edit, by the names that versions and merges use. */
export type Editable =
  | "description"
  | "type"
  | "external_id"
  | "client"
  | "contacts"
  | "address"
  | "scheduled_at"
  | "scheduled_duration"
  | "template_id"
  | "assignees"
  | `custom_fields.${string}`
  | `report.${string}`;

export interface Draft {
  /** The job's version when the edit began. */
  base: number;
  touched: Readonly<Partial<Record<Editable, unknown>>>;
  /** What the live job said when the field was first touched, or when the dispatcher chose to keep theirs. */
  seen: Readonly<Partial<Record<Editable, unknown>>>;
}

export interface Mark {
  field: Editable;
  theirs: unknown;
  mine: unknown;
}

export function beginDraft(job: Job): Draft {
  return { base: job.version, touched: {}, seen: {} };
}

export function liveValue(job: Job, field: Editable): unknown {
  const [group, key] = split(field);
  return group ? job[group]?.[key] : job[field as keyof Job];
}

export function draftValue(draft: Draft, job: Job, field: Editable): unknown {
  return field in draft.touched ? draft.touched[field] : liveValue(job, field);
}

export function touch(draft: Draft, job: Job, field: Editable, value: unknown): Draft {
  const seen = field in draft.seen ? draft.seen : { ...draft.seen, [field]: liveValue(job, field) };
  return { ...draft, touched: { ...draft.touched, [field]: value }, seen };
}

/** Give up one field: it follows the live job again. */
export function takeTheirs(draft: Draft, field: Editable): Draft {
  const { [field]: _value, ...touched } = draft.touched;
  const { [field]: _before, ...seen } = draft.seen;
  return { ...draft, touched, seen };
}

/** Stand by one field, knowing what it says now. */
export function keepMine(draft: Draft, job: Job, field: Editable): Draft {
  return { ...draft, seen: { ...draft.seen, [field]: liveValue(job, field) } };
}

/** The fields that differ from the live job and are to be saved. */
export function changedFields(draft: Draft, job: Job): Editable[] {
  return (Object.keys(draft.touched) as Editable[]).filter(
    (field) => !sameField(field, draft.touched[field], liveValue(job, field)),
  );
}

/** The fields that somebody else changed under the dispatcher's hands. */
export function marks(draft: Draft, job: Job): Mark[] {
  return changedFields(draft, job)
    .filter((field) => !sameField(field, draft.seen[field], liveValue(job, field)))
    .map((field) => ({ field, theirs: liveValue(job, field), mine: draft.touched[field] }));
}

/**
 * The body of the PATCH: the changed fields alone. Without marks the dispatcher has seen everything there is, so
 * the merge is judged from the live version; with marks from where the edit began, so that `overrode` tells.
 */
export function patchBody(draft: Draft, job: Job): JobPatch {
  const base = marks(draft, job).length > 0 ? draft.base : job.version;
  return { base_version: base, ...changedMembers(draft, job) };
}

/** The body of the POST for a new job: what was filled in. */
export function createBody(draft: Draft): JobCreate {
  return changedMembers(draft, NEW_JOB);
}

/** What a new job is before anything is filled in. */
export const NEW_JOB: Job = {
  id: "",
  number: 0,
  version: 0,
  state: "posted",
  created_at: "",
  updated_at: "",
};

function changedMembers(draft: Draft, job: Job): JobCreate {
  const members: Record<string, unknown> = {};
  for (const field of changedFields(draft, job)) {
    const value = clean(draft.touched[field]) ?? null;
    const [group, key] = split(field);
    if (group) members[group] = { ...(members[group] as object | undefined), [key]: value };
    else members[field] = value;
  }
  return members;
}

/** Without empty members: an input that was emptied says nothing. */
function clean(value: unknown): unknown {
  if (isNothing(value)) return undefined;
  if (Array.isArray(value)) return value.map(clean).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, clean(member)])
      .filter(([, member]) => member !== undefined),
  );
}

function split(field: Editable): ["custom_fields" | "report", string] | [null, string] {
  for (const group of ["custom_fields", "report"] as const) {
    if (field.startsWith(`${group}.`)) return [group, field.slice(group.length + 1)];
  }
  return [null, field];
}

function sameField(field: Editable, a: unknown, b: unknown): boolean {
  if (field === "scheduled_at" && typeof a === "string" && typeof b === "string") {
    return Date.parse(a) === Date.parse(b);
  }
  return same(a, b);
}

/** Equality of JSON values; null, missing, '' and empty lists and objects are all "nothing". */
export function same(a: unknown, b: unknown): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
  }
  return a === b;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.every(isNothing);
  return isObject(value) && Object.values(value).every(isNothing);
}
