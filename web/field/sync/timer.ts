/** Phones spread their timers by a tenth, so that they do not all call at once. */
export const SPREAD = 0.1;
const BACKOFF_MS = { first: 5_000, most: 120_000 };

/** When the next sync by the timer is due (R4), given when the last one ended. */
export function nextAt(endedAt: number, intervalS: number, chance: number): number {
  return endedAt + intervalS * 1000 * (1 - SPREAD + 2 * SPREAD * chance);
}

/** After failures: twice as long each time, with full jitter, never longer than the timer itself. */
export function retryAt(failedAt: number, failures: number, chance: number): number {
  const longest = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(failures - 1, 10));
  return failedAt + longest * (0.5 + chance / 2);
}
