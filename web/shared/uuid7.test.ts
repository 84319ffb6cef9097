import { expect, test } from "vitest";
import { uuid7 } from "./uuid7";

test("ids are of version 7, and sort in the order they were made, also when the clock goes back", () => {
  const now = Date.UTC(2026, 10, 24);
  const made = Array.from({ length: 10_000 }, () => uuid7(now));
  made.push(uuid7(now + 2), uuid7(now - 60_000), uuid7(now + 60_000));
  expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(made).toEqual([...new Set(made)].sort());
});
