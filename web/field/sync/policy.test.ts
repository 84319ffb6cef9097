import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AT_ONCE, asked, DEFAULT_POLICY, failed, nextAt, type Schedule, succeeded } from "./policy";

interface Step {
  at: number;
  event: string;
  chance?: number;
  retry_after_s?: number;
  next_at: number;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/sync_policy.json", import.meta.url), "utf8"),
) as { default_policy: typeof DEFAULT_POLICY; schedules: { name: string; steps: Step[] }[] };

test("the defaults are the server's", () => {
  expect(DEFAULT_POLICY).toEqual(vectors.default_policy);
});

test.each(vectors.schedules)("$name", ({ steps }) => {
  let schedule = AT_ONCE;
  for (const step of steps) {
    schedule = after(schedule, step);
    expect(nextAt(schedule), `${step.event} at ${step.at}`).toBeCloseTo(step.next_at, 6);
  }
});

function after(schedule: Schedule, { at, event, chance = 0, retry_after_s }: Step): Schedule {
  const interval = DEFAULT_POLICY.interval_s;
  switch (event) {
    case "succeeded":
      return succeeded(interval, at, chance);
    case "failed":
      return failed(schedule, interval, at, chance, retry_after_s);
    case "timer":
      return schedule;
    default:
      return asked(schedule, at);
  }
}
