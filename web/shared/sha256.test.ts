import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { sha256 } from "./sha256";

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1024 * 1024 - 1, 1024 * 1024, 2 * 1024 * 1024 + 77])(
  "%d bytes hash as everywhere else",
  async (size) => {
    const bytes = randomBytes(size);
    expect(await sha256(new Blob([bytes]))).toBe(createHash("sha256").update(bytes).digest("hex"));
  },
);

test("it can be stopped, and tells how far it is", async () => {
  const stop = new AbortController();
  const told: number[] = [];
  const hashing = sha256(
    new Blob([new Uint8Array(5 * 1024 * 1024)]),
    (done) => {
      told.push(done);
      if (told.length === 2) stop.abort();
    },
    stop.signal,
  );
  await expect(hashing).rejects.toThrow();
  expect(told).toEqual([1024 * 1024, 2 * 1024 * 1024]);
});
