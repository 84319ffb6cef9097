import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { Job, PartialJob, WholeJob } from "../../shared/types";
import { show, takeIn } from "./held";
import { add, type Pending } from "./outbox";

interface Vector {
  name: string;
  held: Job | null;
  sent: WholeJob | PartialJob;
  after: Job | "resync";
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/partial_jobs.json", import.meta.url), "utf8"),
) as { cases: Vector[] };

test.each(cases)("$name", ({ held, sent, after }) => {
  const job = takeIn(held ?? undefined, sent);
  if (after === "resync") expect(job).toBeUndefined();
  else expect(byId(job)).toEqual(byId(after));
});

/** Lists of members compare by id, not by order. */
function byId(job: Job | undefined): unknown {
  const lists = ["photos", "comments", "attachments"] as const;
  const sorted = lists.flatMap((name) => {
    const list = job?.[name];
    return list ? [[name, [...list].sort((a, b) => a.id.localeCompare(b.id))]] : [];
  });
  return { ...job, ...Object.fromEntries(sorted) };
}

describe("what the worker sees", () => {
  const held: Job = {
    id: "job",
    number: 1,
    version: 5,
    state: "published",
    report: { meter: 1, note: "x" },
    created_at: "2026-11-24T07:00:00Z",
    updated_at: "2026-11-24T07:00:00Z",
  };
  const making = {
    id: "a",
    jobId: "job",
    baseVersion: 5,
    happenedAt: "2026-11-24T10:00:00+03:00",
    lastSeq: 0,
  };
  const done = { id: "done", name: "Done", successful: true };
  const template = { id: "t", name: "Repair", version: 1, resolutions: [done] };
  const around = { workerId: "ivan", template };

  it("is the server's state with pending operations replayed on top", () => {
    let outbox = add([], { type: "set_state", state: "started" }, making);
    outbox = add(outbox, { type: "set_report", fields: { meter: 9, note: null } }, { ...making, id: "b" });
    const shown = show(held, outbox, around);
    expect(shown.job).toMatchObject({ state: "started", report: { meter: 9 } });
    expect([...shown.unsent].sort()).toEqual(["report.meter", "report.note", "state"]);
    expect(held).toMatchObject({ state: "published", report: { meter: 1 } });
  });

  it("keeps the server's state where a pending move has become impossible", () => {
    const outbox = add([], { type: "set_state", state: "suspended" }, making);
    const shown = show({ ...held, state: "canceled" }, outbox, around);
    expect(shown.job.state).toBe("canceled");
    expect(shown.unsent.has("state")).toBe(true);
  });

  it("names the resolution as the server will", () => {
    const outbox = add([], { type: "set_state", state: "finished", resolution_id: "done" }, making);
    expect(show({ ...held, state: "started" }, outbox, around).job.resolution).toEqual(done);
  });

  it("shows a comment once, also when the server has it already", () => {
    const comment = { id: "c", text: "hello" };
    const outbox: Pending[] = add([], { type: "add_comment", comment }, making);
    const seen = { ...comment, author_id: "ivan", happened_at: "2026-11-24T07:00:00Z" };
    expect(show({ ...held, comments: [seen] }, outbox, around).job.comments).toHaveLength(1);
  });

  it("leaves other jobs' operations aside", () => {
    const outbox = add([], { type: "set_state", state: "started" }, { ...making, jobId: "other" });
    expect(show(held, outbox, around).unsent.size).toBe(0);
  });
});
