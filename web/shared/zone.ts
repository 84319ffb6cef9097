/** Wall clock times in an IANA time zone and back, by Intl alone. */

export interface Wall {
  /** YYYY-MM-DD */
  date: string;
  /** HH:MM */
  time: string;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let made = formatters.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, made);
  }
  return made;
}

/** The zone's wall clock at this instant, as if it were UTC, to the second. */
function wallClock(instant: number, zone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatter(zone).formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far the zone's wall clock is ahead of UTC at this instant, in milliseconds. */
export function offsetAt(instant: number, zone: string): number {
  return wallClock(instant, zone) - Math.floor(instant / 1000) * 1000;
}

export function toWall(instant: string | number, zone: string): Wall {
  const text = new Date(wallClock(new Date(instant).getTime(), zone)).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

/**
 * The instant of a wall clock time, as UTC text. A time that happens twice (clocks go back) is its first
 * occurrence; a time that never happens (clocks go forward) is moved on by the gap, as calendars do.
 */
export function toInstant(wall: Wall, zone: string): string {
  const naive = Date.parse(`${wall.date}T${wall.time}:00Z`);
  const before = offsetAt(naive - 86_400_000, zone);
  const after = offsetAt(naive + 86_400_000, zone);
  const fits = [naive - before, naive - after].filter((at) => at + offsetAt(at, zone) === naive);
  const instant = fits.length > 0 ? Math.min(...fits) : naive - before;
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

/** The day `days` after this one; plain calendar arithmetic, so 23 and 25 hour days do no harm. */
export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The half open interval of a calendar day in the zone. */
export function dayBounds(date: string, zone: string): { from: string; to: string } {
  return {
    from: toInstant({ date, time: "00:00" }, zone),
    to: toInstant({ date: addDays(date, 1), time: "00:00" }, zone),
  };
}
