import { describe, expect, it } from "vitest";
import type { Job, WholeJob } from "../../shared/types";
import { show, takeIn } from "./held";
import { add } from "./outbox";

const whole: WholeJob = {
  id: "job",
  number: 1,
  version: 5,
  complete: true,
  state: "published",
  type: "repair",
  report: { meter: 1, note: "x" },
  comments: [{ id: "c1", author_id: "u", text: "hello", happened_at: "2026-11-24T07:00:00Z" }],
  created_at: "2026-11-24T07:00:00Z",
  updated_at: "2026-11-24T07:00:00Z",
};

describe("a job that comes in part", () => {
  const held = takeIn(undefined, whole) as Job;

  it("keeps what is absent, clears what is null, merges groups member by member", () => {
    const job = takeIn(held, {
      id: "job",
      version: 6,
      complete: false,
      type: null,
      report: { meter: 2, note: null },
      comments: [{ id: "c1", removed: true }],
    });
    expect(job).toMatchObject({ version: 6, state: "published", report: { meter: 2 } });
    expect(job).not.toHaveProperty("type");
    expect(job).not.toHaveProperty("comments");
    expect(job).not.toHaveProperty("complete");
  });

  it("is no job when the rest is not held", () => {
    expect(takeIn(undefined, { id: "other", version: 6, complete: false })).toBeUndefined();
  });
});

describe("what the worker sees", () => {
  it("is the server's state with pending operations replayed on top", () => {
    const held = takeIn(undefined, whole) as Job;
    const making = {
      id: "a",
      jobId: "job",
      baseVersion: 5,
      happenedAt: "2026-11-24T10:00:00+03:00",
      lastSeq: 0,
    };
    let outbox = add([], { type: "set_state", state: "started" }, making);
    outbox = add(outbox, { type: "set_report", fields: { meter: 9, note: null } }, { ...making, id: "b" });
    const shown = show(held, outbox);
    expect(shown.job).toMatchObject({ state: "started", report: { meter: 9 } });
    expect([...shown.unsent].sort()).toEqual(["report.meter", "report.note", "state"]);
    expect(held).toMatchObject({ state: "published", report: { meter: 1 } });
  });

  it("leaves other jobs' operations aside", () => {
    const held = takeIn(undefined, whole) as Job;
    const making = {
      id: "a",
      jobId: "other",
      baseVersion: 5,
      happenedAt: "2026-11-24T10:00:00+03:00",
      lastSeq: 0,
    };
    expect(show(held, add([], { type: "set_state", state: "started" }, making)).unsent.size).toBe(0);
  });
});
