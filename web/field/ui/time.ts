import type { Job } from "../../shared/types";
import { language } from "../i18n";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a phone more than using it a hundred times. */
function format(zone: string, kind: "time" | "day" | "moment"): Intl.DateTimeFormat {
  const locale = language.value === "en" ? "en-GB" : "ru-RU";
  const key = `${locale} ${zone} ${kind}`;
  let made = formats.get(key);
  if (!made) {
    const options: Record<typeof kind, Intl.DateTimeFormatOptions> = {
      time: { hour: "2-digit", minute: "2-digit" },
      day: { weekday: "short", day: "numeric", month: "long" },
      moment: { dateStyle: "medium", timeStyle: "short" },
    };
    made = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options[kind] });
    formats.set(key, made);
  }
  return made;
}

/** `10:00–11:30` in the worker's zone. */
export function plannedTime(job: Job, zone: string): string {
  if (!job.scheduled_at) return "";
  const start = Date.parse(job.scheduled_at);
  const time = format(zone, "time");
  if (!job.scheduled_duration) return time.format(start);
  return `${time.format(start)}–${time.format(start + job.scheduled_duration * 60_000)}`;
}

/** `Mon, 24 November` in the worker's zone. */
export function plannedDay(job: Job, zone: string): string {
  return job.scheduled_at ? format(zone, "day").format(Date.parse(job.scheduled_at)) : "";
}

/** A moment, with its date. */
export function moment(instant: string | number, zone: string): string {
  return format(zone, "moment").format(new Date(instant));
}
