import { beforeEach, describe, expect, it } from "vitest";
import { Link } from "../sync/link";
import { DEFAULT_POLICY } from "../sync/policy";
import { Store } from "../sync/store";
import { START, TestPhone } from "../sync/test-phone";
import { sha256 } from "./hash";
import { type LaneEnd, moveFiles, type Progress } from "./lane";
import { ARRIVES, type FileFate, ModelFiles } from "./model-files";
import { FIRST_PIECE, PIECE } from "./sending";
import { Shelf } from "./shelf";

let phone: TestPhone;
let files: ModelFiles;
let link: Link;
let says = { online: true, saveData: false, effectiveType: "4g", name: "wifi" };
let told: (Progress | null)[];

beforeEach(async () => {
  phone = await TestPhone.unpack();
  files = new ModelFiles(phone.server);
  phone.server.hasContent = (sha256) => files.contents.has(sha256);
  says = { online: true, saveData: false, effectiveType: "4g", name: "wifi" };
  link = new Link(
    () => says,
    () => files.time / 1000,
  );
  told = [];
  await phone.sync();
});

function run(stop: AbortSignal = new AbortController().signal): Promise<LaneEnd> {
  return moveFiles(phone.store, link, (progress) => told.push(progress), stop, files);
}

/** A sync, the lane after it, and the sync that hears of what was sent. */
async function syncAndMove(): Promise<LaneEnd> {
  await phone.sync();
  const end = await run();
  if (end.sent > 0) await phone.sync();
  return end;
}

function later(seconds: number): void {
  files.time += seconds * 1000;
}

/** These fates in turn for requests of a method, then everything arrives. */
function fates(method: string, ...list: FileFate[]): void {
  files.fate = (asked) => (asked === method ? (list.shift() ?? ARRIVES) : ARRIVES);
}

async function held() {
  return (await phone.store.read()).photos;
}

function states(): string[] {
  return (phone.server.job("job")?.photos ?? []).map((one) => one.state);
}

describe("R3: photos", () => {
  it("travel after the operations, and are kept until the server has proved them", async () => {
    const id = await phone.photograph(500_000);
    await phone.sync();
    expect(states()).toEqual(["expected"]);
    expect(phone.server.requests.at(-1)?.body?.device.unsent).toEqual({
      operations: 0,
      files: 1,
      bytes: 500_000,
    });
    expect(await run()).toMatchObject({ end: "rest", sent: 1 });
    expect(await held()).toHaveLength(1);
    expect((await new Shelf(phone.store).bytes(id)).size).toBe(500_000);
    await phone.sync();
    expect(phone.server.requests.at(-1)?.body?.device.unsent).toEqual({ operations: 0, files: 0, bytes: 0 });
    expect(states()).toEqual(["available"]);
    expect(await held()).toEqual([]);
    expect((await new Shelf(phone.store).bytes(id)).size).toBe(0);
    expect(await new Shelf(phone.store).thumbnail(id)).toBeDefined();
  });

  it("arrive byte for byte", async () => {
    const id = await phone.photograph(300_001, 7);
    const before = await sha256(await new Shelf(phone.store).bytes(id));
    await syncAndMove();
    const [there] = [...files.contents.values()];
    expect(await sha256(there ?? new Blob())).toBe(before);
    expect(told.at(-2)).toEqual({ id, done: 300_001, size: 300_001 });
  });

  it("need no upload when the server has the same content already", async () => {
    await phone.photograph(100_000);
    await syncAndMove();
    files.requests.length = 0;
    await phone.photograph(100_000);
    await syncAndMove();
    expect(states()).toEqual(["available", "available"]);
    expect([files.requests, await held()]).toEqual([[], []]);
  });

  it("of one content in two fields are both taken", async () => {
    await phone.photograph(100_000);
    await phone.photograph(100_000);
    await syncAndMove();
    expect(states()).toEqual(["available", "available"]);
    expect([files.contents.size, await held()]).toEqual([1, []]);
  });

  it("stay at home when they were removed before they were sent", async () => {
    const id = await phone.photograph(100_000);
    await phone.work({ type: "remove_photo", photo_id: id });
    expect(await syncAndMove()).toMatchObject({ sent: 0 });
    expect([files.up, await held(), phone.server.job("job")?.photos]).toEqual([0, [], []]);
  });

  it("are sent after all when their removal was refused", async () => {
    const id = await phone.photograph(100_000);
    const removal = await phone.work({ type: "remove_photo", photo_id: id });
    phone.server.verdicts.set(removal, { status: "rejected" });
    await syncAndMove();
    expect([states(), await held()]).toEqual([["available"], []]);
  });

  it("go with a removal by another phone", async () => {
    const id = await phone.photograph(100_000);
    await phone.sync();
    phone.server.removePhoto(phone.server.job("job") as never, id);
    await phone.sync();
    expect(await held()).toEqual([]);
  });

  it("of a job taken away are sent all the same", async () => {
    await phone.photograph(100_000);
    await phone.sync();
    phone.server.remove("job");
    await phone.sync();
    expect(await held()).toHaveLength(1);
    expect(await run()).toMatchObject({ sent: 1 });
    phone.server.put("other", {});
    await phone.sync();
    expect([files.contents.size, await held()]).toEqual([1, []]);
  });

  it("whose operation was refused stay until the worker decides", async () => {
    const id = await phone.photograph(100_000);
    const [operation] = await phone.outbox();
    phone.server.verdicts.set(operation?.id ?? "", { status: "rejected" });
    await syncAndMove();
    await phone.store.dismiss(operation?.id ?? "");
    expect(await held()).toMatchObject([{ id, refused: true }]);
    expect([files.up, await phone.store.forget()]).toEqual([0, false]);
    await new Shelf(phone.store).discard(id);
    expect(await held()).toEqual([]);
  });
});

describe("R7, R8: the network decides", () => {
  it("nothing moves on 2G, not even to measure it; everything does at the next sync on a fast network", async () => {
    says = { ...says, effectiveType: "2g", name: "cellular" };
    for (const seed of [1, 2, 3]) await phone.photograph(100_000, seed);
    await phone.work(START);
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    expect([states(), files.requests, files.up]).toEqual([["expected", "expected", "expected"], [], 0]);
    expect(phone.server.job("job")?.state).toBe("started");
    says = { ...says, effectiveType: "4g", name: "wifi" };
    expect(await syncAndMove()).toMatchObject({ end: "rest", sent: 3 });
    expect([states(), await held()]).toEqual([["available", "available", "available"], []]);
  });

  it("no byte of a photo leaves on a slow network that the browser calls 4g", async () => {
    files.kbitS = 40;
    await phone.photograph(100_000);
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    expect([files.requests, files.up]).toEqual([[], 0]);
    files.kbitS = 5000;
    later(120);
    expect(await syncAndMove()).toMatchObject({ sent: 1 });
  });

  it("an upload that turns slow stops after the piece that told, waits, and goes on where it was", async () => {
    await phone.photograph(1_000_000);
    let pieces = 0;
    files.fate = (method) => {
      if (method === "PATCH" && ++pieces === 2) files.kbitS = 30;
      return ARRIVES;
    };
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    expect(files.up).toBe(FIRST_PIECE + PIECE);
    files.kbitS = 5000;
    expect(await syncAndMove()).toMatchObject({ sent: 1 });
    expect([files.up, files.uploads.size]).toEqual([1_000_000, 1]);
  });

  it("'Send photos now' sends on a slow network, until none waits", async () => {
    files.kbitS = 40;
    await phone.photograph(100_000);
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    await phone.store.set({ photosNow: true });
    expect(await syncAndMove()).toMatchObject({ sent: 1 });
    await phone.photograph(100_000, 3);
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
  });

  it("files go on any network when the policy says so", async () => {
    const { policy } = await phone.store.facts();
    await phone.store.set({ policy: { ...(policy ?? DEFAULT_POLICY), files_on: "any" } });
    files.kbitS = 40;
    await phone.photograph(100_000);
    expect(await syncAndMove()).toMatchObject({ sent: 1 });
  });
});

describe("nothing is sent twice and nothing stands in the way", () => {
  it("a cut costs only what was on its way", async () => {
    await phone.photograph(2_000_000);
    let luck = 11;
    let cuts = 0;
    files.fate = (method) => {
      luck = (luck * 48271) % 2147483647;
      if (method !== "PATCH" || cuts >= 20) return ARRIVES;
      cuts += 1;
      return luck % 3 === 0 ? { kind: "answer lost" } : { kind: "cut", after: luck % PIECE };
    };
    for (let run = 0; run < 60 && states()[0] !== "available"; run++) {
      await syncAndMove();
      later(300);
    }
    expect([states(), cuts, files.uploads.size]).toEqual([["available"], 20, 1]);
    expect(files.up).toBe(2_000_000);
  });

  it("a phone killed in the middle goes on where the server is", async () => {
    await phone.photograph(1_000_000);
    await phone.sync();
    const kill = new AbortController();
    let pieces = 0;
    files.fate = (method) => {
      if (method === "PATCH" && ++pieces === 3) kill.abort();
      return ARRIVES;
    };
    await expect(run(kill.signal)).rejects.toThrow();
    phone.store.close();
    phone.store = await Store.open("ivan");
    expect(await syncAndMove()).toMatchObject({ sent: 1 });
    expect([states(), files.uploads.size]).toEqual([["available"], 1]);
  });

  it("one file that fails does not hold up the others, and is tried again by itself", async () => {
    const bad = await phone.photograph(400_000);
    await phone.photograph(100_000, 3);
    files.fate = (method, path) =>
      method === "PATCH" && path.endsWith("/1") ? { kind: "answers", status: 500 } : ARRIVES;
    const end = await syncAndMove();
    expect(end).toMatchObject({ end: "rest", sent: 1 });
    expect(states()).toEqual(["expected", "available"]);
    expect(await held()).toMatchObject([{ id: bad, trouble: { slug: "http-500" } }]);
    files.fate = () => ARRIVES;
    later(700);
    await syncAndMove();
    expect([states(), await held()]).toEqual([["available", "available"], []]);
  });

  it("bytes that arrived damaged are sent anew", async () => {
    await phone.photograph(100_000);
    fates("PATCH", { kind: "answers", status: 460, slug: "checksum-mismatch" });
    await syncAndMove();
    expect(await held()).toMatchObject([{ trouble: { slug: "checksum-mismatch" } }]);
    later(10);
    await syncAndMove();
    expect([states(), files.uploads.size]).toEqual([["available"], 2]);
  });

  it.each([404, 410])("an upload that is gone (%i) is begun anew", async (status) => {
    await phone.photograph(200_000);
    fates("PATCH", ARRIVES, { kind: "cut", after: 0 });
    await syncAndMove();
    later(10);
    fates("HEAD", { kind: "answers", status, slug: "not-found" });
    await syncAndMove();
    expect([states(), files.uploads.size]).toEqual([["available"], 2]);
  });

  it.each([
    [413, "too-large"],
    [423, "upload-locked"],
    [503, "unavailable"],
    [507, "quota-exceeded"],
  ])("%i %s is told, and tried again not before the server wants it", async (status, slug) => {
    const id = await phone.photograph(100_000);
    fates("POST", { kind: "answers", status, slug, retryAfter: 400 });
    const { dueAt } = await syncAndMove();
    expect(await held()).toMatchObject([{ trouble: { slug } }]);
    expect((dueAt ?? 0) - files.time / 1000).toBeGreaterThan(390);
    files.requests.length = 0;
    await new Shelf(phone.store).retry(id, files.time / 1000);
    await syncAndMove();
    expect(files.requests).toEqual([]);
    later(450);
    await syncAndMove();
    expect(states()).toEqual(["available"]);
  });

  it("a session that has ended keeps everything", async () => {
    await phone.photograph(100_000);
    fates("POST", { kind: "answers", status: 401, slug: "unauthenticated" });
    expect(await syncAndMove()).toEqual({ end: "sign-in", sent: 0 });
    expect([await held(), (await phone.store.facts()).signInNeeded]).toMatchObject([
      [{ size: 100_000 }],
      true,
    ]);
  });

  it("gives up for this time when the network is gone, not file after file", async () => {
    for (let seed = 1; seed <= 5; seed++) await phone.photograph(100_000, seed);
    files.fate = () => ({ kind: "request lost" });
    expect(await syncAndMove()).toMatchObject({ end: "offline", sent: 0 });
    expect(files.requests).toHaveLength(2);
  });

  it("asks again after a photo that was sent and of which nothing is heard", async () => {
    await phone.photograph(100_000);
    await phone.sync();
    await run();
    files.uploads.clear();
    files.contents.clear();
    phone.server.put("job", {
      photos: (phone.server.job("job")?.photos ?? []).map((one) => ({ ...one, state: "expected" as const })),
    });
    await phone.sync();
    expect(await held()).toHaveLength(1);
    later(10);
    await syncAndMove();
    expect([states(), await held()]).toEqual([["available"], []]);
  });

  it("sends again what the server says it lost", async () => {
    await phone.photograph(100_000);
    await phone.sync();
    await run();
    const photos = phone.server.job("job")?.photos ?? [];
    files.uploads.clear();
    files.contents.clear();
    phone.server.put("job", {
      photos: photos.map((one) => ({ ...one, state: "failed" as const, reason: "lost" })),
    });
    await phone.sync();
    expect(await held()).toMatchObject([{ trouble: { slug: "lost" } }]);
    later(10);
    await syncAndMove();
    expect([states(), await held()]).toEqual([["available"], []]);
  });
});

describe("R2: attachments", () => {
  const plan = new Blob([Uint8Array.from({ length: 700_000 }, (_, n) => (n * 31) & 0xff)]);

  async function attach(id = "plan", bytes = plan): Promise<void> {
    files.attachments.set(id, bytes);
    const one = {
      id,
      name: "План.pdf",
      size: bytes.size,
      sha256: await sha256(bytes),
      media_type: "application/pdf",
    };
    phone.server.put("job", { attachments: [...(phone.server.job("job")?.attachments ?? []), one] });
  }

  async function kept() {
    return (await phone.store.read()).attachments;
  }

  it("are fetched, proved, kept, and go with their job", async () => {
    await attach();
    await syncAndMove();
    expect(await kept()).toMatchObject([{ id: "plan", held: true, received: 700_000 }]);
    const here = await new Shelf(phone.store).bytes("plan", "application/pdf");
    expect([await sha256(here), here.type]).toEqual([await sha256(plan), "application/pdf"]);
    await syncAndMove();
    expect(files.down).toBe(700_000);
    phone.server.remove("job");
    await phone.sync();
    expect([await kept(), (await new Shelf(phone.store).bytes("plan")).size]).toEqual([[], 0]);
  });

  it("are not fetched on a slow network, except for the one that the worker wants now", async () => {
    files.kbitS = 60;
    await attach();
    await attach("other", plan.slice(0, 50_000));
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    expect(files.down).toBe(0);
    await new Shelf(phone.store).setAttachment("other", (one) => ({ ...one, wanted: true }));
    await syncAndMove();
    expect([files.down, (await kept()).filter((one) => one.held).map((one) => one.id)]).toEqual([
      50_000,
      ["other"],
    ]);
  });

  it("go on after a cut where they were", async () => {
    await attach();
    fates("GET", { kind: "cut", after: 400_000 });
    await syncAndMove();
    expect(await kept()).toMatchObject([{ trouble: { slug: "offline" } }]);
    later(10);
    await syncAndMove();
    expect((await kept())[0]?.held).toBe(true);
    expect(files.down).toBeLessThan(700_000 + 2 * 131_072);
  });

  it("stop when the network turns slow", async () => {
    await attach();
    files.fate = (method) => {
      if (method === "GET") files.kbitS = 60;
      return ARRIVES;
    };
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    expect(files.down).toBeLessThan(300_000);
  });

  it("begin anew when the file is another one, or arrived damaged", async () => {
    await attach();
    fates("GET", { kind: "cut", after: 400_000 });
    await syncAndMove();
    const whole = await kept();
    await new Shelf(phone.store).addPiece("plan", 0, new Blob([new Uint8Array(200_000)]), whole[0]?.etag);
    later(10);
    await syncAndMove();
    expect(await kept()).toMatchObject([{ received: 0, trouble: { slug: "checksum-mismatch" } }]);
    later(60);
    await syncAndMove();
    expect((await kept())[0]?.held).toBe(true);
  });
});
