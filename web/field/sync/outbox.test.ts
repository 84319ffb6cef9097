import { describe, expect, it } from "vitest";
import { acknowledge, add, type Making, type Pending, renumber, wire } from "./outbox";

const making = (id: string, over: Partial<Making> = {}): Making => ({
  id,
  jobId: "job",
  baseVersion: 7,
  happenedAt: "2026-11-24T10:00:00.000+03:00",
  lastSeq: 3,
  ...over,
});
const start = { type: "set_state", state: "started" } as const;
const fill = (value: number) => ({ type: "set_report", fields: { meter: value } }) as const;

describe("the outbox", () => {
  it("numbers from the last acknowledged on, without a gap", () => {
    let outbox = add([], start, making("a"));
    outbox = add(outbox, fill(1), making("b"));
    expect(outbox.map((one) => one.seq)).toEqual([4, 5]);
  });

  it("joins a further edit of a field that was not sent", () => {
    let outbox = add([], fill(1), making("a"));
    outbox = add(outbox, start, making("b"));
    outbox = add(outbox, fill(2), making("c"));
    expect(outbox.map((one) => one.id)).toEqual(["a", "b"]);
    expect(outbox[0]).toMatchObject({ fields: { meter: 2 } });
  });

  it("never changes what may have been sent, nor another job's or field's", () => {
    const sent: Pending[] = add([], fill(1), making("a")).map((one) => ({ ...one, sent: true }));
    expect(add(sent, fill(2), making("b"))).toHaveLength(2);
    const waiting = add([], fill(1), making("a"));
    expect(add(waiting, fill(2), making("b", { jobId: "other" }))).toHaveLength(2);
    expect(add(waiting, { type: "set_report", fields: { note: "x" } }, making("b"))).toHaveLength(2);
  });

  it("forgets only what is acknowledged by number and known by id", () => {
    let outbox = add([], start, making("a"));
    outbox = add(outbox, fill(1), making("b"));
    const result = { seq: 4, id: "a", status: "applied" } as const;
    expect(acknowledge(outbox, 4, [result]).map((one) => one.id)).toEqual(["b"]);
    expect(acknowledge(outbox, 5, [result]).map((one) => one.id)).toEqual(["b"]);
    expect(acknowledge(outbox, 3, [result]).map((one) => one.id)).toEqual(["a", "b"]);
  });

  it("renumbers from the server's last, ids kept", () => {
    const outbox = add(add([], start, making("a")), fill(1), making("b"));
    expect(renumber(outbox, 41).map((one) => [one.seq, one.id])).toEqual([
      [42, "a"],
      [43, "b"],
    ]);
  });

  it("keeps its own notes to itself", () => {
    const [one] = add([], start, making("a"));
    if (!one) throw new Error("nothing was added");
    expect(wire({ ...one, sent: true })).not.toHaveProperty("sent");
  });
});
