import type { NetworkClass } from "../../shared/types";

/** Whether a link carries files (R7, R8). `src/naryad/domain/network.py` says why; the vectors are its. */
export type Network = "offline" | NetworkClass;

/** Bytes that come with the answer's first packet, in no time. */
const FIRST_PACKET = 1400;
/** A shorter transfer ends before its time can be told from a hiccup of the phone. */
const TELLING_BYTES = 3000;
/** Of the newest transfer in the moving average. */
const WEIGHT = 0.4;
/** An older measurement says nothing: the phone may have come into Wi-Fi without being told. */
const FRESH_S = 600;

/** A moving average over transfers, in kbit/s; seconds by any clock that does not run backwards. */
export interface Throughput {
  kbitS: number | null;
  measuredAt: number;
}

export const UNMEASURED: Throughput = { kbitS: null, measuredAt: 0 };

/** kbit/s while it is fresh. */
export function speedAt({ kbitS, measuredAt }: Throughput, now: number): number | null {
  return now - measuredAt <= FRESH_S ? kbitS : null;
}

/** The average with one more transfer: `bytes` of one body, `seconds` from its first byte to its last. */
export function measured(before: Throughput, bytes: number, seconds: number, now: number): Throughput {
  if (bytes < TELLING_BYTES) return before;
  const sample = ((bytes - FIRST_PACKET) * 8) / 1000 / Math.max(seconds, 0.001);
  const last = speedAt(before, now);
  return { kbitS: last === null ? sample : WEIGHT * sample + (1 - WEIGHT) * last, measuredAt: now };
}

/** What the browser says of the network. */
export interface Platform {
  online: boolean;
  effectiveType?: string | undefined;
  saveData: boolean;
}

/** `effectiveType` follows round-trip time, not bandwidth, so what was measured can say slow as well. */
export function networkClass(platform: Platform, kbitS: number | null, slowBelowKbitS: number): Network {
  if (!platform.online) return "offline";
  if (platform.saveData || ["slow-2g", "2g"].includes(platform.effectiveType ?? "")) return "slow";
  return kbitS !== null && kbitS < slowBelowKbitS ? "slow" : "fast";
}
