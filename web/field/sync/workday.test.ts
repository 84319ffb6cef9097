import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dayIn, isOn, knownZone } from "./workday";

interface Vector {
  name: string;
  zone: string;
  now: string;
  scheduled_at: string | null;
  minutes: number;
  today: boolean;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/workday.json", import.meta.url), "utf8"),
) as { is_today: Vector[] };

test.each(vectors.is_today)("$name: today is $today", ({ zone, now, scheduled_at, minutes, today }) => {
  const job = { scheduled_at, scheduled_duration: minutes };
  expect(isOn(dayIn(zone, Date.parse(now)), job)).toBe(today);
});

test("a zone that the browser does not know gives way to the next", () => {
  expect(knownZone(null, "Mars/Olympus", "Europe/Moscow")).toBe("Europe/Moscow");
  expect(knownZone("Mars/Olympus")).toBe("UTC");
});
