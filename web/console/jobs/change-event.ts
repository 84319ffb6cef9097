import type { Actor, Address, Id, Instant, Job } from "../../shared/types";
import type { HasPhotos } from "../photos/awaited";

/** What a row of the list shows. The summary in a live event is exactly this; a whole job is one too. */
export type JobRow = Pick<
  Job,
  | "id"
  | "number"
  | "version"
  | "state"
  | "scheduled_at"
  | "scheduled_duration"
  | "type"
  | "template_id"
  | "external_id"
  | "assignees"
  | "client"
> & { address?: Pick<Address, "formatted"> | null } & HasPhotos;

/** The data of a `change` event as the desk receives it. */
export interface ChangeEvent {
  version: number;
  kind: string;
  changed: string[];
  /** Absent for changes of templates and of the policy. Null and empty members are left out. */
  job?: JobRow | null;
  actor: Actor;
  happened_at: Instant;
  recorded_at: Instant;
}

export type Effect =
  | { do: "nothing" }
  | { do: "put"; row: JobRow }
  | { do: "remove"; id: Id }
  | { do: "reload-templates" };

/**
 * What one live change means for the list.
 *
 * `readAt` is the version at which the list was read: it already knows older changes, so a job that it lacks is
 * one that the filter left out, or that was deleted since.
 */
export function applyChange(event: ChangeEvent, held: JobRow | undefined, readAt: number): Effect {
  const row = event.job;
  if (!row) return event.kind === "template" ? { do: "reload-templates" } : { do: "nothing" };
  const known = held ? held.version >= event.version : event.version <= readAt;
  if (known) return { do: "nothing" };
  return event.kind === "deleted" ? { do: "remove", id: row.id } : { do: "put", row };
}
