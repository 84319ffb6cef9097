/** The shapes of the API (docs/protocol.md). Members that are null or empty may be left out of answers. */

export type Id = string;
/** An instant, RFC 3339. */
export type Instant = string;

export const JOB_STATES = [
  "posted",
  "scheduled",
  "published",
  "en_route",
  "started",
  "suspended",
  "finished",
  "canceled",
] as const;
export type JobState = (typeof JOB_STATES)[number];

export type Role = "admin" | "dispatcher" | "worker";
export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

export interface Client {
  name: string;
  external_id?: string | null;
}

export interface Contact {
  name?: string | null;
  value: string;
  type?: string | null;
}

export interface Address {
  formatted?: string | null;
  entrance?: string | null;
  floor?: string | null;
  apartment?: string | null;
  description?: string | null;
  latitude?: number | null;
  longitude?: number | null;
}

/** Exactly one assignee of a job can edit: the first one if none is named. */
export interface Assignee {
  worker_id: Id;
  can_edit?: boolean | null;
}

export interface Attachment {
  id: Id;
  name: string;
  size: number;
  sha256: string;
  media_type: string;
}

export interface Photo {
  id: Id;
  field: string;
  sha256: string;
  size: number;
  media_type: string;
  taken_at?: Instant | null;
  latitude?: number | null;
  longitude?: number | null;
  state: "expected" | "available" | "failed";
  reason?: string | null;
}

export interface Comment {
  id: Id;
  author_id: Id;
  text: string;
  happened_at: Instant;
}

export interface Resolution {
  id: Id;
  name: string;
  /** An unsuccessful resolution does not ask for required fields. */
  successful: boolean;
}

export interface Timestamps {
  en_route_at?: Instant | null;
  started_at?: Instant | null;
  suspended_at?: Instant | null;
  finished_at?: Instant | null;
}

export interface Job {
  id: Id;
  number: number;
  version: number;
  state: JobState;
  external_id?: string | null;
  scheduled_at?: Instant | null;
  /** Minutes. */
  scheduled_duration?: number | null;
  description?: string | null;
  template_id?: Id | null;
  type?: string | null;
  client?: Client | null;
  contacts?: Contact[] | null;
  address?: Address | null;
  assignees?: Assignee[] | null;
  custom_fields?: Values | null;
  report?: Values | null;
  attachments?: Attachment[] | null;
  photos?: Photo[] | null;
  comments?: Comment[] | null;
  resolution?: Resolution | null;
  timestamps?: Timestamps | null;
  created_at: Instant;
  updated_at: Instant;
}

/** What the desk writes. Null clears, what is absent stays. */
export type JobPlan = Partial<
  Pick<
    Job,
    | "external_id"
    | "scheduled_at"
    | "scheduled_duration"
    | "description"
    | "template_id"
    | "type"
    | "client"
    | "contacts"
    | "address"
    | "assignees"
    | "custom_fields"
    | "report"
  >
>;
export type JobCreate = JobPlan & { id?: Id; state?: JobState };
export type JobPatch = JobPlan & { base_version?: number };
export type EditedJob = Job & { merge: { overrode: string[]; lost: string[] } };

export interface JobsPage {
  jobs: Job[];
  next?: string | null;
  /** Where the event stream goes on without a gap. */
  position: string;
}

export const FIELD_TYPES = [
  "text",
  "number",
  "yes_no",
  "choice",
  "date",
  "time",
  "datetime",
  "photo",
  "signature",
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface TemplateField {
  key: string;
  name: string;
  type: FieldType;
  scope: "report" | "custom";
  required: boolean;
  options?: string[] | null;
}

export interface Template {
  id: Id;
  name: string;
  version: number;
  fields?: TemplateField[] | null;
  resolutions?: Resolution[] | null;
}

export interface User {
  id: Id;
  login: string;
  name: string;
  role: Role;
  time_zone?: string | null;
  locale?: string | null;
  active: boolean;
}

export interface Account {
  id: Id;
  name: string;
  time_zone: string;
  locale: string;
  policy: Policy;
  push_text: PushText;
}

/** What a lock screen shows of a customer. */
export type PushText = "minimal" | "address" | "full";

export interface Policy {
  version: number;
  interval_s: number;
  files_on: "fast" | "any";
  slow_below_kbit_s: number;
  photo_max_px: number;
  photo_quality: number;
  retention_days: number;
}

export interface DeviceInfo {
  id: Id;
  name: string;
  platform: "ios" | "android" | "web" | "other";
  app_version?: string;
  locale?: string;
  time_zone?: string;
}

export interface SignIn {
  login: string;
  password: string;
  transport: "cookie" | "bearer";
  /** A worker's session always names a device. */
  device?: DeviceInfo;
}

export interface Me {
  user: User;
  account: Account;
  device?: { id: Id; last_seq: number; push?: PushState | null } | null;
}

export interface SignedIn extends Me {
  session: { id: Id; expires_at: Instant };
}

/** A phone's health as the desk sees it. */
export interface Device extends DeviceInfo {
  worker_id: Id;
  last_contact_at?: Instant | null;
  network?: NetworkClass | null;
  unsent?: Unsent | null;
  push?: PushState | null;
}

/** Where a phone is reached by pushes; null where it never registered. */
export interface PushState {
  channel: string;
  state: "on" | "off";
  reason?: string | null;
  since: Instant;
}

export interface Actor {
  kind: string;
  id?: Id | null;
  name?: string | null;
}

export interface FieldStep {
  old?: unknown;
  new?: unknown;
  lost?: unknown;
}

/** One entry of a job's history. `fields` is keyed by merge name: `report.meter`, `scheduled_at`. */
export interface Change {
  version: number;
  kind: string;
  fields: Record<string, FieldStep>;
  actor: Actor;
  device_id?: Id | null;
  late: boolean;
  happened_at: Instant;
  recorded_at: Instant;
}

export interface HistoryPage {
  changes: Change[];
  next?: number | null;
}

export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** RFC 9457; `type` is `urn:naryad:problem:<slug>`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: FieldProblem[] | null;
  /** With `operation-gap` and `operation-mismatch`. */
  last_seq?: number;
  /** With `impossible-transition`: where the job is. */
  state?: JobState;
}

/** Both values of a field: what the job held after the operation, and what it did not. */
export interface Sides {
  taken?: unknown;
  refused?: unknown;
}

/** How a card is closed: by keeping what the job holds, or by writing the refused values into it. */
export type Take = "current" | "other";

/** What of a worker's work the desk should look at. */
export interface Conflict {
  id: Id;
  kind: "lost" | "overrode" | "late" | "rejected";
  /** Absent when the phone named a job that the account never had. */
  job?: { id: Id; number: number; template_id?: Id | null } | null;
  worker_id: Id;
  device_id: Id;
  /** As the phone sent it, perhaps unreadable. */
  operation: { id: Id; type?: unknown } & Record<string, unknown>;
  /** By merge name. */
  fields: Record<string, Sides>;
  problem?: Problem | null;
  version?: number | null;
  happened_at: Instant;
  recorded_at: Instant;
  resolved_at?: Instant | null;
  resolved_by?: Id | null;
  take?: Take | null;
}

export interface ConflictsPage {
  conflicts: Conflict[];
  next?: Id | null;
}

/** `open` counts the open cards of the account, up to 1000. */
export type AccountConflicts = ConflictsPage & { open: number };

export type NetworkClass = "slow" | "fast";
export type SyncTrigger = "timer" | "open" | "state_change" | "manual" | "push" | "reconnect" | "date_roll";

export interface Unsent {
  operations: number;
  files: number;
  bytes: number;
}

/** What the worker did. */
export type Intent =
  | { type: "set_state"; state: JobState; resolution_id?: Id }
  | { type: "set_report"; fields: Values }
  | { type: "add_photo"; photo: Omit<Photo, "state" | "reason"> }
  | { type: "remove_photo"; photo_id: Id }
  | { type: "add_comment"; comment: { id: Id; text: string } };

/** An intent on its way: `seq` is gapless per device, `base_version` is the job as the phone held it. */
export type Operation = {
  seq: number;
  id: Id;
  job_id: Id;
  base_version: number;
  happened_at: Instant;
} & Intent;

export interface SyncRequest {
  cursor: string | null;
  device: {
    trigger: SyncTrigger;
    network: NetworkClass;
    now: Instant;
    unsent: Unsent;
    app_version: string;
  };
  operations: Operation[];
  /** Job id → version held; only without a cursor. */
  have?: Record<Id, number>;
}

export type ResultStatus = "applied" | "merged" | "late" | "rejected";

export interface OperationResult {
  seq: number;
  id: Id;
  status: ResultStatus | "duplicate";
  /** Of a duplicate: what it was the first time. */
  original_status?: ResultStatus | null;
  version?: number | null;
  overrode?: string[] | null;
  lost?: string[] | null;
  problem?: Problem | null;
}

/** Of an attachment, photo or comment that is gone. */
export interface RemovedMember {
  id: Id;
  removed: true;
}

export type WholeJob = Job & { complete: true };

/** What changed: an absent member is as before, a null one is cleared. */
export type PartialJob = { id: Id; version: number; complete: false } & Partial<
  Omit<Job, "id" | "version" | "photos" | "comments" | "attachments">
> & {
    photos?: (Photo | RemovedMember)[] | null;
    comments?: (Comment | RemovedMember)[] | null;
    attachments?: (Attachment | RemovedMember)[] | null;
  };

export interface SyncAnswer {
  cursor: string;
  /** The device's last number. */
  acknowledged: number;
  more: boolean;
  server_time: Instant;
  results?: OperationResult[] | null;
  jobs?: (WholeJob | PartialJob)[] | null;
  removed?: Id[] | null;
  templates?: Template[] | null;
  policy?: Policy | null;
}
