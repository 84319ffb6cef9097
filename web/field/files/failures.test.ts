import { beforeEach, describe, expect, it } from "vitest";
import { Store } from "../sync/store";
import { ARRIVES } from "./model-files";
import { PIECE } from "./sending";
import { Shelf } from "./shelf";
import { fates, files, held, later, phone, run, states, syncAndMove, unpack } from "./test-lane";

beforeEach(unpack);

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
    [507, "quota-exceeded"],
  ])("%i %s is tried again after a day, or when the worker asks", async (status, slug) => {
    const id = await phone.photograph(100_000);
    fates("POST", { kind: "answers", status, slug }, { kind: "answers", status, slug });
    await syncAndMove();
    expect(await held()).toMatchObject([{ trouble: { slug } }]);
    later(80_000);
    await syncAndMove();
    expect(files.requests).toHaveLength(1);
    await new Shelf(phone.store).retry(id, files.time / 1000);
    await syncAndMove();
    expect(files.requests).toHaveLength(2);
    later(90_000);
    await syncAndMove();
    expect(states()).toEqual(["available"]);
  });

  it("a copy that the phone itself has spoiled is not sent again and again", async () => {
    const id = await phone.photograph(100_000);
    await phone.sync();
    const tx = await phone.store.begin("readwrite");
    await tx.objectStore("bytes").put(new Blob([new Uint8Array(100_000)]), [id, 0]);
    await tx.done;
    await syncAndMove();
    expect(await held()).toMatchObject([{ refused: true, trouble: { slug: "bytes-lost" } }]);
    expect(files.up).toBe(100_000);
  });

  it.each([
    [423, "upload-locked"],
    [503, "unavailable"],
    [507, "storage-full"],
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
