import type { Job } from "../../shared/types";
import { dayBounds, toWall } from "../../shared/zone";

const MINUTE_MS = 60_000;

/** One day on the worker's wall clock; its bounds in milliseconds, half open. */
export interface Day {
  /** `2026-11-24` */
  date: string;
  from: number;
  to: number;
}

/** The first of these zones that this browser knows, else UTC: a page must not die of an old zone table. */
export function knownZone(...zones: (string | null | undefined)[]): string {
  return zones.find((zone): zone is string => !!zone && isKnown(zone)) ?? "UTC";
}

/** The day that `now` lies in. */
export function dayIn(zone: string, now: number): Day {
  const { date } = toWall(now, zone);
  const { from, to } = dayBounds(date, zone);
  return { date, from: Date.parse(from), to: Date.parse(to) };
}

/**
 * Whether a job is one of the day's: its planned interval, half open, overlaps the day (R14). One that ends
 * at midnight is not the new day's; one of length 0 is on the day of its start.
 */
export function isOn(day: Day, job: Pick<Job, "scheduled_at" | "scheduled_duration">): boolean {
  if (!job.scheduled_at) return false;
  const start = Date.parse(job.scheduled_at);
  const end = start + (job.scheduled_duration ?? 0) * MINUTE_MS;
  return start < day.to && (end > day.from || start >= day.from);
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
