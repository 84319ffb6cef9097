import { expect, test } from "vitest";
import type { Frame } from "../../shared/event-stream";
import { FrameRing, judge } from "./frames";
import { earlier } from "./position";

const change = (id: string): Frame => ({ event: "change", id, data: "{}" });

test("the next version is applied, an older one is known, anything else is a gap", () => {
  expect(judge("a.5", change("a.6"))).toBe("apply");
  expect(judge("a.5", change("a.5"))).toBe("known");
  expect(judge("a.5", change("a.4"))).toBe("known");
  expect(judge("a.5", change("a.7"))).toBe("gap");
  expect(judge("a.5", change("b.6"))).toBe("gap");
  expect(judge("nonsense", change("a.6"))).toBe("gap");
});

test("a ring answers what came after a position it reaches back to", () => {
  const ring = new FrameRing("a.5");
  for (const id of ["a.6", "a.7", "a.8"]) ring.push(change(id));
  expect(ring.after("a.6")?.map(({ id }) => id)).toEqual(["a.7", "a.8"]);
  expect(ring.after("a.8")).toEqual([]);
  expect(ring.after("a.9")).toEqual([]); // read later than the stream has told
  expect(ring.after("a.4")).toBeNull();
  expect(ring.after("b.6")).toBeNull();
});

test("a full ring forgets the oldest, and knows that it did", () => {
  const ring = new FrameRing("a.0", 2);
  for (const id of ["a.1", "a.2", "a.3"]) ring.push(change(id));
  expect(ring.after("a.0")).toBeNull();
  expect(ring.after("a.1")?.map(({ id }) => id)).toEqual(["a.2", "a.3"]);
});

test("after a reset the ring begins anew", () => {
  const ring = new FrameRing("a.0");
  ring.push(change("a.1"));
  ring.reset("b.9");
  expect(ring.after("a.0")).toBeNull();
  expect(ring.after("b.9")).toEqual([]);
});

test("of two readings the earlier position misses nothing", () => {
  expect(earlier("a.12", "a.9")).toBe("a.9");
  expect(earlier("a.12", "b.9")).toBeNull();
});
