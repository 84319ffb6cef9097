import { beforeEach, expect, test, vi } from "vitest";
import { APART_MS, EVERY_MS, Pace, SOON_MS } from "./pace";

let seen: boolean;
let readings: number[];
let read: () => Promise<void>;
let pace: Pace;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  seen = true;
  readings = [];
  read = async () => {};
  pace = new Pace(
    () => {
      readings.push(Date.now());
      return read();
    },
    () => seen,
  );
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("a burst of changes is one reading, soon after the first", async () => {
  for (let n = 0; n < 10; n++) {
    pace.hear();
    await pass(10);
  }
  await pass(SOON_MS);
  expect(readings).toEqual([SOON_MS]);
});

test("a stream of changes without end is read now and then, never closer than agreed", async () => {
  for (let at = 0; at < 30_000; at += 100) {
    pace.hear();
    await pass(100);
  }
  expect(readings.length).toBeGreaterThanOrEqual(9);
  readings.slice(1).forEach((at, place) => {
    expect(at - (readings[place] ?? 0)).toBeGreaterThanOrEqual(APART_MS);
  });
});

test("without any change it is read every minute", async () => {
  pace.hear();
  await pass(SOON_MS + 3 * EVERY_MS);
  expect(readings).toEqual([0, 1, 2, 3].map((n) => SOON_MS + n * EVERY_MS));
});

test("a page that nobody looks at asks for nothing, and catches up when it is looked at", async () => {
  pace.hear();
  await pass(SOON_MS);
  seen = false;
  pace.hear();
  await pass(10 * EVERY_MS);
  expect(readings).toHaveLength(1);
  seen = true;
  pace.seen();
  await pass(SOON_MS);
  expect(readings).toHaveLength(2);
});

test("a page looked at again too early to have missed anything does not ask", async () => {
  pace.hear();
  await pass(SOON_MS);
  seen = false;
  await pass(1000);
  seen = true;
  pace.seen();
  await pass(APART_MS);
  expect(readings).toHaveLength(1);
});

test("what is heard during a reading is read after it, one at a time", async () => {
  let done = () => {};
  read = () =>
    new Promise((resolve) => {
      done = resolve;
    });
  pace.hear();
  await pass(SOON_MS);
  pace.hear();
  await pass(10 * APART_MS);
  expect(readings).toHaveLength(1);
  done();
  await pass(APART_MS);
  expect(readings).toHaveLength(2);
});

test("a reading that fails is tried again a minute later", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  read = () => Promise.reject(new Error("no network"));
  pace.hear();
  await pass(SOON_MS + EVERY_MS);
  expect(readings).toHaveLength(2);
});
