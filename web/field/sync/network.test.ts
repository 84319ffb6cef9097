import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { measured, networkClass, speedAt, UNMEASURED } from "./network";

interface Class {
  name: string;
  online: boolean;
  effective_type: string | null;
  save_data: boolean;
  kbit_s: number | null;
  slow_below_kbit_s: number;
  network: string;
}

interface Series {
  name: string;
  transfers: { at: number; bytes: number; seconds: number; kbit_s: number | null }[];
  at_end?: { now: number; kbit_s: number | null }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/network_class.json", import.meta.url), "utf8"),
) as { classes: Class[]; throughput: Series[] };

test.each(vectors.classes)("$name", (one) => {
  const platform = {
    online: one.online,
    effectiveType: one.effective_type ?? undefined,
    saveData: one.save_data,
  };
  expect(networkClass(platform, one.kbit_s, one.slow_below_kbit_s)).toBe(one.network);
});

test.each(vectors.throughput)("$name", ({ transfers, at_end }) => {
  let throughput = UNMEASURED;
  for (const { at, bytes, seconds, kbit_s } of transfers) {
    throughput = measured(throughput, bytes, seconds, at);
    const speed = speedAt(throughput, at);
    if (kbit_s === null) expect(speed).toBeNull();
    else expect(speed).toBeCloseTo(kbit_s, 6);
  }
  for (const { now, kbit_s } of at_end ?? []) {
    if (kbit_s === null) expect(speedAt(throughput, now)).toBeNull();
    else expect(speedAt(throughput, now)).toBeCloseTo(kbit_s, 6);
  }
});
