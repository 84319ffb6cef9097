import type { Job } from "../../shared/types";
import { language } from "../i18n";

/** `10:00–11:30` in the worker's zone. */
export function plannedTime(job: Job, zone: string): string {
  if (!job.scheduled_at) return "";
  const start = new Date(job.scheduled_at);
  const time = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  if (!job.scheduled_duration) return time.format(start);
  const end = new Date(start.getTime() + job.scheduled_duration * 60_000);
  return `${time.format(start)}–${time.format(end)}`;
}

/** `Mon, 24 Nov` in the worker's zone. */
export function plannedDay(job: Job, zone: string): string {
  if (!job.scheduled_at) return "";
  const options = { timeZone: zone, weekday: "short", day: "numeric", month: "short" } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(job.scheduled_at));
}

/** A moment, with its date. */
export function moment(instant: string | number, zone: string): string {
  const options = { timeZone: zone, dateStyle: "short", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(language, options).format(new Date(instant));
}
