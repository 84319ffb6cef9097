import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { movesFrom, type Party } from "./transitions";
import { JOB_STATES, type JobState } from "./types";

type Vector = { role: Party; from: JobState; to: JobState; allowed: boolean };

const vectors = JSON.parse(
  readFileSync(new URL("../../tests/vectors/transitions.json", import.meta.url), "utf8"),
) as Vector[];

test("the vectors name every pair of states for both parties", () => {
  expect(vectors).toHaveLength(2 * JOB_STATES.length ** 2);
});

test.each(vectors)("$role: $from → $to is allowed: $allowed", ({ role, from, to, allowed }) => {
  expect(movesFrom(role, from).includes(to)).toBe(allowed);
});
