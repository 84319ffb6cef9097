import { beforeEach, describe, expect, it } from "vitest";
import { type Api, ProblemError } from "../../shared/api";
import { openDatabase } from "./database";
import { exchange } from "./engine";
import type { Fate } from "./model-server";
import { Store } from "./store";
import { fill, HEALTH, inTurn, START, TestPhone } from "./test-phone";

let phone: TestPhone;
beforeEach(async () => {
  phone = await TestPhone.unpack();
});

describe("a sync", () => {
  it("brings jobs down and takes work up, and asks idly when there is nothing to say", async () => {
    expect(await phone.sync()).toEqual({ end: "done" });
    await phone.work(START);
    await phone.work(fill({ meter: 5 }));
    expect(await phone.sync()).toEqual({ end: "done" });
    expect(await phone.outbox()).toEqual([]);
    expect(phone.server.job("job")).toMatchObject({ state: "started", report: { meter: 5 } });
    expect((await phone.store.read()).jobs[0]).toMatchObject({ state: "started", report: { meter: 5 } });
    phone.server.requests.length = 0;
    await phone.sync();
    expect(phone.server.requests.map((one) => one.method)).toEqual(["GET"]);
  });

  it("tells how many operations stay on the phone when these are acknowledged", async () => {
    await phone.sync();
    await phone.work(START);
    await phone.work(fill({ meter: 5 }));
    await phone.sync();
    expect(phone.server.requests.at(-1)?.body?.device.unsent.operations).toBe(0);
  });

  it("gives an operation the version of the job that the phone held when it was made", async () => {
    await phone.sync();
    await phone.work(START);
    phone.server.put("job", { description: "new" });
    phone.server.fate = inTurn("request lost");
    await phone.sync();
    await phone.work(fill({ meter: 1 }));
    await phone.sync();
    expect(phone.server.applied.map((one) => one.base_version)).toEqual([1, 1]);
  });

  it("follows the pages to the last one", async () => {
    phone.server.pageOf = 2;
    for (let n = 0; n < 7; n++) phone.server.put(`job${n}`, {});
    expect(await phone.sync()).toEqual({ end: "done" });
    expect((await phone.store.read()).jobs).toHaveLength(8);
  });

  it("applies downloads while uploads are pending", async () => {
    await phone.sync();
    await phone.work(fill({ meter: 5 }));
    phone.server.put("job", { description: "new" });
    phone.server.fate = inTurn("arrives", "request lost");
    expect((await phone.sync({ doubtful: true })).end).toBe("offline");
    expect(await phone.outbox()).toHaveLength(1);
    expect((await phone.store.read()).jobs).toMatchObject([{ description: "new" }]);
  });
});

describe("nothing is lost and nothing doubled", () => {
  it.each<Fate>(["request lost", "answer lost", "unavailable", "signed out"])("when: %s", async (fate) => {
    await phone.sync();
    await phone.work(START);
    await phone.work(fill({ meter: 5 }));
    phone.server.fate = inTurn(fate);
    expect((await phone.sync()).end).toBe(fate === "signed out" ? "sign-in" : "offline");
    expect(await phone.outbox()).toHaveLength(2);
    expect(await phone.sync()).toEqual({ end: "done" });
    expect(await phone.outbox()).toEqual([]);
    expect(phone.server.applied.map((one) => one.type)).toEqual(["set_state", "set_report"]);
  });

  it("when the phone is killed between the answer and the store", async () => {
    await phone.sync();
    await phone.work(START);
    phone.server.fate = inTurn("answer lost");
    await phone.sync();
    phone.store.close();
    phone.store = await Store.open("ivan");
    await phone.sync();
    expect(phone.server.applied).toHaveLength(1);
    expect(await phone.outbox()).toEqual([]);
  });

  it("when what was sent is edited again: it may have arrived, so it stays as it is", async () => {
    await phone.sync();
    await phone.work(fill({ meter: 5 }));
    phone.server.fate = inTurn("answer lost");
    await phone.sync();
    await phone.work(fill({ meter: 6 }));
    expect(await phone.outbox()).toHaveLength(2);
    await phone.sync();
    expect(phone.server.job("job")?.report).toEqual({ meter: 6 });
  });

  it("when the network is probably away: nothing leaves before an answer came, so edits still join", async () => {
    await phone.sync();
    await phone.work(fill({ meter: 5 }));
    phone.server.fate = inTurn("request lost");
    expect((await phone.sync({ doubtful: true })).end).toBe("offline");
    await phone.work(fill({ meter: 6 }));
    expect(await phone.outbox()).toHaveLength(1);
    expect(await phone.sync({ doubtful: true })).toEqual({ end: "done" });
    expect(await phone.outbox()).toEqual([]);
    expect(phone.server.job("job")?.report).toEqual({ meter: 6 });
  });

  it("through a day of bad luck", async () => {
    await phone.sync();
    const fates: Fate[] = ["arrives", "request lost", "answer lost", "unavailable"];
    let luck = 7;
    phone.server.fate = () => {
      luck = (luck * 48271) % 2147483647;
      return fates[luck % fates.length] ?? "arrives";
    };
    for (let n = 1; n <= 60; n++) {
      await phone.work(fill({ [`field${n}`]: n }));
      await phone.sync();
    }
    phone.server.fate = () => "arrives";
    expect(await phone.sync()).toEqual({ end: "done" });
    expect(new Set(phone.server.applied.map((one) => one.id)).size).toBe(phone.server.applied.length);
    expect(Object.keys(phone.server.job("job")?.report ?? {})).toHaveLength(60);
  });
});

describe("the server knows other numbers", () => {
  it("renumbers after a gap, ids kept", async () => {
    await phone.sync();
    await phone.work(START);
    await phone.sync();
    phone.server.restore(0);
    const id = await phone.work(fill({ meter: 5 }));
    expect(await phone.sync()).toEqual({ end: "done" });
    expect(phone.server.lastSeq).toBe(1);
    expect(phone.server.applied.at(-1)?.id).toBe(id);
  });

  it("renumbers when its store was lost and the numbers are another's", async () => {
    await phone.sync();
    await phone.work(START);
    await phone.sync();
    await phone.store.set({ lastSeq: 0 });
    await phone.work(fill({ meter: 5 }));
    expect(await phone.sync()).toEqual({ end: "done" });
    expect(phone.server.job("job")?.report).toEqual({ meter: 5 });
    expect(phone.server.lastSeq).toBe(2);
  });

  it("does not go round for ever with a server that never agrees", async () => {
    await phone.sync();
    await phone.work(START);
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
    expect(await exchange(phone.store, stubborn, "manual", HEALTH)).toEqual({ end: "stuck" });
    expect(asked).toBeLessThan(10);
    expect(await phone.outbox()).toHaveLength(1);
  });
});

describe("the cursor is worth nothing any more", () => {
  it("says what it holds and is told the differences, unsent work included", async () => {
    phone.server.put("other", {});
    await phone.sync();
    phone.server.put("job", { description: "new" });
    phone.server.remove("other");
    phone.server.restore(0);
    await phone.work(START);
    expect(await phone.sync()).toEqual({ end: "done" });
    const { jobs, cursor, expired } = await phone.store.read();
    expect(jobs).toMatchObject([{ id: "job", description: "new", state: "started" }]);
    expect([cursor?.startsWith("aa."), expired]).toEqual([true, false]);
    expect(phone.server.requests.find((one) => one.body?.have)?.body).toMatchObject({
      cursor: null,
      have: { job: 1, other: 2 },
    });
  });

  it("asks anew when a part comes of a job that it does not hold", async () => {
    await phone.sync();
    await dropJobs();
    phone.server.put("job", { description: "new" });
    expect(await phone.sync()).toEqual({ end: "done" });
    expect((await phone.store.read()).jobs).toMatchObject([{ number: 1, description: "new" }]);
  });
});

/** As if part of the store had been lost. */
async function dropJobs(): Promise<void> {
  const db = await openDatabase("naryad-ivan");
  await db.clear("jobs");
  db.close();
}
