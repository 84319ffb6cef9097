/** Times in words, as a dispatcher reads them: in the account's zone, short, unambiguous. */
import { addDays, toWall } from "../../shared/zone";

export interface Clock {
  zone: string;
  locale: string;
  /** The instant that counts as now; it decides what "today" is. */
  now: number;
}

const made = new Map<string, Intl.DateTimeFormat>();

function format(
  locale: string,
  zone: string,
  key: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const id = `${locale} ${zone} ${key}`;
  let found = made.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    made.set(id, found);
  }
  return found;
}

/** 10:02 */
export function hourMinute(instant: string | number, clock: Clock): string {
  return toWall(instant, clock.zone).time;
}

/** 24 Nov, with the year when it is not this one. */
export function dayMonth(instant: string | number, clock: Clock): string {
  const at = new Date(instant);
  const thisYear =
    toWall(instant, clock.zone).date.slice(0, 4) === toWall(clock.now, clock.zone).date.slice(0, 4);
  return thisYear
    ? format(clock.locale, clock.zone, "day", { day: "numeric", month: "short" }).format(at)
    : format(clock.locale, clock.zone, "dayYear", { day: "numeric", month: "short", year: "numeric" }).format(
        at,
      );
}

/** Tue, 24 November: a calendar day, which has no zone. */
export function wholeDay(date: string, locale: string): string {
  return format(locale, "UTC", "whole", { weekday: "short", day: "numeric", month: "long" }).format(
    new Date(`${date}T12:00:00Z`),
  );
}

/** Distance in calendar days of the zone: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(instant: string | number, clock: Clock): number {
  const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  return day(toWall(instant, clock.zone).date) - day(toWall(clock.now, clock.zone).date);
}

export interface Planned {
  day: "today" | "tomorrow" | "yesterday" | { text: string };
  start: string;
  /** null without a length; with the day when it ends on another one */
  end: string | null;
}

/** The planned interval of a job. An end on another day carries its day. */
export function planned(scheduledAt: string, minutes: number | null | undefined, clock: Clock): Planned {
  const away = daysAway(scheduledAt, clock);
  const day =
    away === 0
      ? "today"
      : away === 1
        ? "tomorrow"
        : away === -1
          ? "yesterday"
          : { text: dayMonth(scheduledAt, clock) };
  const start = toWall(scheduledAt, clock.zone);
  if (!minutes) return { day, start: start.time, end: null };
  const finish = Date.parse(scheduledAt) + minutes * 60_000;
  const end = toWall(finish, clock.zone);
  const midnight = end.time === "00:00" && end.date === addDays(start.date, 1);
  return {
    day,
    start: start.time,
    end: end.date === start.date ? end.time : midnight ? "24:00" : `${end.time} ${dayMonth(finish, clock)}`,
  };
}

/** 10:02 today, else 24 Nov 10:02. */
export function stamp(instant: string | number, clock: Clock): string {
  const time = hourMinute(instant, clock);
  return daysAway(instant, clock) === 0 ? time : `${dayMonth(instant, clock)}, ${time}`;
}
