import defaults from "../../../src/naryad/domain/default_policy.json";
import type { Policy } from "../../shared/types";

/** When the next sync is due (R4), and the moment before which there must be none (Retry-After). Seconds. */
export interface Schedule {
  dueAt: number;
  notBefore: number;
  failures: number;
}

export const AT_ONCE: Schedule = { dueAt: 0, notBefore: 0, failures: 0 };
export const DEFAULT_POLICY = defaults as Policy;

/** Phones spread their timers by a tenth, so that they do not all call at once. */
const SPREAD = 0.1;
const FIRST_RETRY_S = 5;

export function nextAt(schedule: Schedule): number {
  return Math.max(schedule.dueAt, schedule.notBefore);
}

/** Something wants a sync at once. It ends a backoff, but never a Retry-After. */
export function asked(schedule: Schedule, now: number): Schedule {
  return { ...schedule, dueAt: Math.min(schedule.dueAt, now) };
}

/** After a sync that worked: the interval ±10 %. `chance` is in [0, 1). */
export function succeeded(intervalS: number, now: number, chance: number): Schedule {
  return { dueAt: now + intervalS * (1 + SPREAD * (2 * chance - 1)), notBefore: 0, failures: 0 };
}

/**
 * After one that did not: 5, 10, 20 … seconds, jittered down by up to half, never longer than the interval.
 * Retry-After is a floor, stretched by up to a tenth.
 */
export function failed(
  schedule: Schedule,
  intervalS: number,
  now: number,
  chance: number,
  retryAfterS = 0,
): Schedule {
  const failures = schedule.failures + 1;
  const ceiling = Math.min(intervalS, FIRST_RETRY_S * 2 ** Math.min(failures - 1, 16));
  return {
    dueAt: now + ceiling * (1 - chance / 2),
    notBefore: now + retryAfterS * (1 + SPREAD * chance),
    failures,
  };
}
