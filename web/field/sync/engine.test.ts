import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Api, ProblemError } from "../../shared/api";
import type { Intent, Values } from "../../shared/types";
import { openDatabase } from "./database";
import { exchange, type Health } from "./engine";
import { show } from "./held";
import { type Fate, ModelServer } from "./model-server";
import { JobNotHeld, Store } from "./store";
import { uuid7 } from "./uuid7";

const health: Health = { network: "fast", appVersion: "1", doubtful: false };
const start: Intent = { type: "set_state", state: "started" };
const fill = (fields: Values): Intent => ({ type: "set_report", fields });

let server: ModelServer;
let store: Store;

beforeEach(async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  server = new ModelServer();
  server.put("job", { description: "old" });
  store = await Store.open("ivan");
});

const sync = (over: Partial<Health> = {}) =>
  exchange(store, server.request, "manual", { ...health, ...over });
const work = async (intent: Intent, job = "job") => {
  const id = uuid7();
  await store.add(intent, job, id, "2026-11-24T10:00:00.000+03:00");
  return id;
};
const outbox = async () => (await store.read()).outbox;
const methods = () => server.requests.map((one) => one.method);

describe("a sync", () => {
  it("brings jobs down and takes work up, and asks idly when there is nothing to say", async () => {
    expect(await sync()).toEqual({ end: "done" });
    await work(start);
    await work(fill({ meter: 5 }));
    expect(await sync()).toEqual({ end: "done" });
    expect(await outbox()).toEqual([]);
    expect(server.job("job")).toMatchObject({ state: "started", report: { meter: 5 } });
    expect((await store.read()).jobs[0]).toMatchObject({ state: "started", report: { meter: 5 } });
    server.requests.length = 0;
    await sync();
    expect(methods()).toEqual(["GET"]);
  });

  it("tells how many operations stay on the phone when these are acknowledged", async () => {
    await sync();
    await work(start);
    await work(fill({ meter: 5 }));
    await sync();
    expect(server.requests.at(-1)?.body?.device.unsent.operations).toBe(0);
  });

  it("gives an operation the version of the job that the phone held when it was made", async () => {
    await sync();
    await work(start);
    server.put("job", { description: "new" });
    server.fate = inTurn("request lost");
    await sync();
    await work(fill({ meter: 1 }));
    await sync();
    expect(server.applied.map((one) => one.base_version)).toEqual([1, 1]);
  });

  it("follows the pages to the last one", async () => {
    server.pageOf = 2;
    for (let n = 0; n < 7; n++) server.put(`job${n}`, {});
    expect(await sync()).toEqual({ end: "done" });
    expect((await store.read()).jobs).toHaveLength(8);
  });

  it("applies downloads while uploads are pending", async () => {
    await sync();
    await work(fill({ meter: 5 }));
    server.put("job", { description: "new" });
    server.fate = inTurn("arrives", "request lost");
    expect((await sync({ doubtful: true })).end).toBe("offline");
    expect(await outbox()).toHaveLength(1);
    expect((await store.read()).jobs).toMatchObject([{ description: "new" }]);
  });
});

describe("nothing is lost and nothing doubled", () => {
  it.each<Fate>(["request lost", "answer lost", "unavailable", "signed out"])("when: %s", async (fate) => {
    await sync();
    await work(start);
    await work(fill({ meter: 5 }));
    server.fate = inTurn(fate);
    expect((await sync()).end).toBe(fate === "signed out" ? "sign-in" : "offline");
    expect(await outbox()).toHaveLength(2);
    expect(await sync()).toEqual({ end: "done" });
    expect(await outbox()).toEqual([]);
    expect(server.applied.map((one) => one.type)).toEqual(["set_state", "set_report"]);
  });

  it("when the phone is killed between the answer and the store", async () => {
    await sync();
    await work(start);
    server.fate = inTurn("answer lost");
    await sync();
    store.close();
    store = await Store.open("ivan");
    await sync();
    expect(server.applied).toHaveLength(1);
    expect(await outbox()).toEqual([]);
  });

  it("when what was sent is edited again: it may have arrived, so it stays as it is", async () => {
    await sync();
    await work(fill({ meter: 5 }));
    server.fate = inTurn("answer lost");
    await sync();
    await work(fill({ meter: 6 }));
    expect(await outbox()).toHaveLength(2);
    await sync();
    expect(server.job("job")?.report).toEqual({ meter: 6 });
  });

  it("when the network is probably away: nothing leaves before an answer came, so edits still join", async () => {
    await sync();
    await work(fill({ meter: 5 }));
    server.fate = inTurn("request lost");
    expect((await sync({ doubtful: true })).end).toBe("offline");
    await work(fill({ meter: 6 }));
    expect(await outbox()).toHaveLength(1);
    expect(await sync({ doubtful: true })).toEqual({ end: "done" });
    expect(await outbox()).toEqual([]);
    expect(server.job("job")?.report).toEqual({ meter: 6 });
  });

  it("through a day of bad luck", async () => {
    await sync();
    const fates: Fate[] = ["arrives", "request lost", "answer lost", "unavailable"];
    let luck = 7;
    server.fate = () => {
      luck = (luck * 48271) % 2147483647;
      return fates[luck % fates.length] ?? "arrives";
    };
    for (let n = 1; n <= 60; n++) {
      await work(fill({ [`field${n}`]: n }));
      await sync();
    }
    server.fate = () => "arrives";
    expect(await sync()).toEqual({ end: "done" });
    expect(new Set(server.applied.map((one) => one.id)).size).toBe(server.applied.length);
    expect(Object.keys(server.job("job")?.report ?? {})).toHaveLength(60);
  });
});

describe("the server knows other numbers", () => {
  it("renumbers after a gap, ids kept", async () => {
    await sync();
    await work(start);
    await sync();
    server.restore(0);
    const id = await work(fill({ meter: 5 }));
    expect(await sync()).toEqual({ end: "done" });
    expect(server.lastSeq).toBe(1);
    expect(server.applied.at(-1)?.id).toBe(id);
  });

  it("renumbers when its store was lost and the numbers are another's", async () => {
    await sync();
    await work(start);
    await sync();
    await store.set({ lastSeq: 0 });
    await work(fill({ meter: 5 }));
    expect(await sync()).toEqual({ end: "done" });
    expect(server.job("job")?.report).toEqual({ meter: 5 });
    expect(server.lastSeq).toBe(2);
  });

  it("does not go round for ever with a server that never agrees", async () => {
    await sync();
    await work(start);
    let asked = 0;
    const stubborn = (() => {
      asked += 1;
      throw new ProblemError({
        type: "urn:naryad:problem:operation-gap",
        title: "",
        status: 409,
        last_seq: 7,
      });
    }) as unknown as Api;
    expect(await exchange(store, stubborn, "manual", health)).toEqual({ end: "stuck" });
    expect(asked).toBeLessThan(10);
    expect(await outbox()).toHaveLength(1);
  });
});

describe("the cursor is worth nothing any more", () => {
  it("says what it holds and is told the differences, unsent work included", async () => {
    server.put("other", {});
    await sync();
    server.put("job", { description: "new" });
    server.remove("other");
    server.restore(0);
    await work(start);
    expect(await sync()).toEqual({ end: "done" });
    const { jobs, cursor, expired } = await store.read();
    expect(jobs).toMatchObject([{ id: "job", description: "new", state: "started" }]);
    expect([cursor?.startsWith("aa."), expired]).toEqual([true, false]);
    expect(server.requests.find((one) => one.body?.have)?.body).toMatchObject({
      cursor: null,
      have: { job: 1, other: 2 },
    });
  });

  it("asks anew when a part comes of a job that it does not hold", async () => {
    await sync();
    await dropJobs();
    server.put("job", { description: "new" });
    expect(await sync()).toEqual({ end: "done" });
    expect((await store.read()).jobs).toMatchObject([{ number: 1, description: "new" }]);
  });
});

describe("what was refused", () => {
  it("is acknowledged, kept and told, and the queue goes on", async () => {
    await sync();
    const refused = await work(start);
    const late = await work(fill({ meter: 5 }));
    const lost = await work(fill({ note: "x" }));
    server.verdicts.set(refused, {
      status: "rejected",
      problem: { type: "urn:naryad:problem:job-gone", title: "gone", status: 409 },
    });
    server.verdicts.set(late, { status: "late" });
    server.verdicts.set(lost, { status: "merged", lost: ["report.note"] });
    await sync();
    const { notices, outbox: left } = await store.read();
    expect(left).toEqual([]);
    expect(notices.map((one) => one.kind)).toEqual(["rejected", "late", "lost"]);
    expect(notices[1]?.operation).toMatchObject({ fields: { meter: 5 } });
  });

  it("is told by the duplicate when the first answer was lost", async () => {
    await sync();
    server.verdicts.set(await work(start), { status: "rejected" });
    server.fate = inTurn("answer lost");
    await sync();
    await sync();
    expect((await store.read()).notices).toMatchObject([{ kind: "rejected", jobId: "job" }]);
  });

  it("keeps the job that was taken away readable until nothing speaks of it", async () => {
    await sync();
    const late = await work(fill({ meter: 5 }));
    server.verdicts.set(late, { status: "late" });
    server.remove("job");
    await sync();
    const held = await store.read();
    expect([held.jobs, held.gone.map((one) => one.id)]).toEqual([[], ["job"]]);
    await store.dismiss(late);
    expect((await store.read()).gone).toEqual([]);
  });

  it("is sent in smaller parts when it is too large, down to one that becomes a notice", async () => {
    await sync();
    for (let n = 0; n < 5; n++) await work(fill({ [`field${n}`]: n }));
    server.mostOperations = 2;
    expect(await sync()).toEqual({ end: "done" });
    expect(server.applied).toHaveLength(5);
    server.mostOperations = 0;
    await work(start);
    await sync();
    const { notices, outbox: left } = await store.read();
    expect([left, notices.map((one) => one.kind)]).toEqual([[], ["rejected"]]);
  });
});

describe("the store", () => {
  it("takes no work for a job that it does not hold", async () => {
    await expect(work(start, "unknown")).rejects.toThrow(JobNotHeld);
  });

  it("works on after the browser has closed its connection", async () => {
    await sync();
    store.close();
    await work(start);
    expect(await outbox()).toHaveLength(1);
  });

  it("forgets a worker's data only when nothing waits", async () => {
    await sync();
    await work(start);
    expect(await store.forget()).toBe(false);
    expect(await outbox()).toHaveLength(1);
    await sync();
    expect(await store.forget()).toBe(true);
  });

  it("shows what waits on top of what the server said", async () => {
    await sync();
    await work(start);
    const held = await store.read();
    const [job] = held.jobs;
    if (!job) throw new Error("no job");
    const shown = show(job, held.outbox, { workerId: "ivan", template: undefined });
    expect([shown.job.state, [...shown.unsent]]).toEqual(["started", ["state"]]);
  });
});

/** These in turn; then everything arrives. */
function inTurn(...fates: Fate[]): () => Fate {
  return () => fates.shift() ?? "arrives";
}

/** As if part of the store had been lost. */
async function dropJobs(): Promise<void> {
  const db = await openDatabase("naryad-ivan");
  await db.clear("jobs");
  db.close();
}
