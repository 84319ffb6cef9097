import { beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../shared/sha256";
import { Shelf } from "./shelf";
import { files, held, phone, run, states, syncAndMove, told, unpack } from "./test-lane";

beforeEach(unpack);

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
