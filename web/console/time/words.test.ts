import { expect, test } from "vitest";
import { type Clock, planned, stamp } from "./words";

const at = (now: string, locale = "en-GB"): Clock => ({
  zone: "Europe/Moscow",
  locale,
  now: Date.parse(now),
});
const NOON = at("2026-11-24T09:00:00Z");

test("a plan of today shows its hours", () => {
  expect(planned("2026-11-24T07:00:00Z", 90, NOON)).toEqual({ day: "today", start: "10:00", end: "11:30" });
  expect(planned("2026-11-24T07:00:00Z", null, NOON)).toEqual({ day: "today", start: "10:00", end: null });
});

test("today is judged in the account's zone", () => {
  // 23:30 UTC is already tomorrow in Moscow
  expect(planned("2026-11-24T23:30:00Z", 30, NOON).day).toBe("tomorrow");
  expect(planned("2026-11-24T23:30:00Z", 30, at("2026-11-24T22:00:00Z")).day).toBe("today");
});

test("a plan to midnight ends at 24:00, one past it names the day", () => {
  expect(planned("2026-11-24T20:15:00Z", 45, NOON).end).toBe("24:00");
  expect(planned("2026-11-24T20:15:00Z", 105, NOON).end).toBe("01:00 25 Nov");
});

test("another day is named, another year too", () => {
  expect(planned("2026-12-01T07:00:00Z", null, NOON).day).toEqual({ text: "1 Dec" });
  expect(stamp("2025-12-01T07:00:00Z", NOON)).toBe("1 Dec 2025, 10:00");
  expect(stamp("2026-11-23T07:00:00Z", at("2026-11-24T09:00:00Z", "ru-RU"))).toBe("23 нояб., 10:00");
});
