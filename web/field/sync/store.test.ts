import { beforeEach, describe, expect, it } from "vitest";
import { show } from "./held";
import { JobNotHeld } from "./store";
import { fill, inTurn, START, TestPhone } from "./test-phone";

let phone: TestPhone;
beforeEach(async () => {
  phone = await TestPhone.unpack();
});

describe("what was refused", () => {
  it("is acknowledged, kept and told, and the queue goes on", async () => {
    await phone.sync();
    const refused = await phone.work(START);
    const late = await phone.work(fill({ meter: 5 }));
    const lost = await phone.work(fill({ note: "x" }));
    phone.server.verdicts.set(refused, {
      status: "rejected",
      problem: { type: "urn:naryad:problem:job-gone", title: "gone", status: 409 },
    });
    phone.server.verdicts.set(late, { status: "late" });
    phone.server.verdicts.set(lost, { status: "merged", lost: ["report.note"] });
    await phone.sync();
    const { notices, outbox: left } = await phone.store.read();
    expect(left).toEqual([]);
    expect(notices.map((one) => one.kind)).toEqual(["rejected", "late", "lost"]);
    expect(notices[1]?.operation).toMatchObject({ fields: { meter: 5 } });
  });

  it("is told by the duplicate when the first answer was lost", async () => {
    await phone.sync();
    phone.server.verdicts.set(await phone.work(START), { status: "rejected" });
    phone.server.fate = inTurn("answer lost");
    await phone.sync();
    await phone.sync();
    expect((await phone.store.read()).notices).toMatchObject([{ kind: "rejected", jobId: "job" }]);
  });

  it("keeps the job that was taken away readable until nothing speaks of it", async () => {
    await phone.sync();
    const late = await phone.work(fill({ meter: 5 }));
    phone.server.verdicts.set(late, { status: "late" });
    phone.server.remove("job");
    await phone.sync();
    const held = await phone.store.read();
    expect([held.jobs, held.gone.map((one) => one.id)]).toEqual([[], ["job"]]);
    await phone.store.dismiss(late);
    expect((await phone.store.read()).gone).toEqual([]);
  });

  it("is sent in smaller parts when it is too large, down to one that becomes a notice", async () => {
    await phone.sync();
    for (let n = 0; n < 5; n++) await phone.work(fill({ [`field${n}`]: n }));
    phone.server.mostOperations = 2;
    expect(await phone.sync()).toEqual({ end: "done" });
    expect(phone.server.applied).toHaveLength(5);
    phone.server.mostOperations = 0;
    await phone.work(START);
    await phone.sync();
    const { notices, outbox: left } = await phone.store.read();
    expect([left, notices.map((one) => one.kind)]).toEqual([[], ["rejected"]]);
  });
});

describe("the store", () => {
  it("takes no work for a job that it does not hold", async () => {
    await expect(phone.work(START, "unknown")).rejects.toThrow(JobNotHeld);
  });

  it("works on after the browser has closed its connection", async () => {
    await phone.sync();
    phone.store.close();
    await phone.work(START);
    expect(await phone.outbox()).toHaveLength(1);
  });

  it("forgets a worker's data only when nothing waits", async () => {
    await phone.sync();
    await phone.work(START);
    expect(await phone.store.forget()).toBe(false);
    expect(await phone.outbox()).toHaveLength(1);
    await phone.sync();
    expect(await phone.store.forget()).toBe(true);
  });

  it("shows what waits on top of what the server said", async () => {
    await phone.sync();
    await phone.work(START);
    const held = await phone.store.read();
    const [job] = held.jobs;
    if (!job) throw new Error("no job");
    const shown = show(job, held.outbox, { workerId: "ivan", template: undefined });
    expect([shown.job.state, [...shown.unsent]]).toEqual(["started", ["state"]]);
  });
});
