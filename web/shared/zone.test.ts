import { expect, test } from "vitest";
import { addDays, dayBounds, toInstant, toWall } from "./zone";

test.each([
  ["2026-11-24T07:02:00Z", "Europe/Moscow", "2026-11-24", "10:02"],
  ["2026-11-24T21:30:00Z", "Europe/Moscow", "2026-11-25", "00:30"],
  ["2026-11-24T21:30:00Z", "Asia/Kathmandu", "2026-11-25", "03:15"],
  ["2026-11-24T04:30:00Z", "America/St_Johns", "2026-11-24", "01:00"],
])("%s in %s reads %s %s, and back", (instant, zone, date, time) => {
  expect(toWall(instant, zone)).toEqual({ date, time });
  expect(toInstant({ date, time }, zone)).toBe(instant);
});

test("the browser's own zone plays no part", () => {
  const before = process.env["TZ"];
  process.env["TZ"] = "America/New_York";
  expect(toInstant({ date: "2026-11-24", time: "10:00" }, "Europe/Moscow")).toBe("2026-11-24T07:00:00Z");
  process.env["TZ"] = before;
});

test("a time that happens twice is its first occurrence", () => {
  // Berlin, 25 October 2026: 03:00 summer time goes back to 02:00
  expect(toInstant({ date: "2026-10-25", time: "02:30" }, "Europe/Berlin")).toBe("2026-10-25T00:30:00Z");
});

test("a time that never happens moves on by the gap", () => {
  // Berlin, 29 March 2026: 02:00 goes forward to 03:00
  const instant = toInstant({ date: "2026-03-29", time: "02:30" }, "Europe/Berlin");
  expect(toWall(instant, "Europe/Berlin")).toEqual({ date: "2026-03-29", time: "03:30" });
});

test("a day can have 23 or 25 hours", () => {
  const hours = (date: string) => {
    const { from, to } = dayBounds(date, "Europe/Berlin");
    return (Date.parse(to) - Date.parse(from)) / 3_600_000;
  };
  expect([hours("2026-03-29"), hours("2026-06-01"), hours("2026-10-25")]).toEqual([23, 24, 25]);
});

test("a day whose midnight does not exist begins when it begins", () => {
  // Santiago, 6 September 2026: 00:00 goes forward to 01:00
  const { from } = dayBounds("2026-09-06", "America/Santiago");
  expect(from).toBe("2026-09-06T04:00:00Z");
});

test("days are counted by the calendar", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
});
