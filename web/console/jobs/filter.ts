import type { Id, JobState } from "../../shared/types";
import { dayBounds } from "../../shared/zone";
import type { JobRow } from "./change-event";

/** Which jobs the list shows: asked of the server, and judged again here when a job changes while on the page. */
export interface Filter {
  q: string;
  worker: Id;
  /** YYYY-MM-DD in the account's zone; empty for any day */
  day: string;
  /** Empty for all. Only hides groups: all states are held. */
  state: JobState | "";
}

export const NO_FILTER: Filter = { q: "", worker: "", day: "", state: "" };

/** Whether the server was asked for less than everything. */
export function isNarrow(filter: Filter): boolean {
  return filter.q.trim() !== "" || filter.worker !== "" || filter.day !== "";
}

/** The query of `GET /v1/jobs`, but for states and paging. */
export function toQuery(filter: Filter, zone: string): Record<string, string> {
  const day = filter.day ? dayBounds(filter.day, zone) : null;
  return {
    q: filter.q.trim(),
    worker: filter.worker,
    scheduled_from: day?.from ?? "",
    scheduled_to: day?.to ?? "",
  };
}

/**
 * Whether a changed job belongs on the page. The server searches the text in more than a row shows: a job that it
 * found stays (`found`), another one must match in its row.
 */
export function matches(row: JobRow, filter: Filter, zone: string, found: boolean): boolean {
  if (filter.worker && !row.assignees?.some((one) => one.worker_id === filter.worker)) return false;
  if (filter.day) {
    const { from, to } = dayBounds(filter.day, zone);
    const at = row.scheduled_at ? Date.parse(row.scheduled_at) : Number.NaN;
    if (!(at >= Date.parse(from) && at < Date.parse(to))) return false;
  }
  const q = filter.q.trim().toLowerCase();
  if (!q || found) return true;
  const texts = [String(row.number), row.external_id, row.client?.name, row.address?.formatted];
  return texts.some((text) => text?.toLowerCase().includes(q));
}
