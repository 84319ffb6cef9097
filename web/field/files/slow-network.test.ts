import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../sync/policy";
import { START } from "../sync/test-phone";
import { ARRIVES } from "./model-files";
import { FIRST_PIECE, PIECE } from "./sending";
import { browserSays, files, held, later, phone, states, syncAndMove, unpack } from "./test-lane";

beforeEach(unpack);

describe("R7, R8: the network decides", () => {
  it("nothing moves on 2G, not even to measure it; everything does at the next sync on a fast network", async () => {
    browserSays("2g", "cellular");
    for (const seed of [1, 2, 3]) await phone.photograph(100_000, seed);
    await phone.work(START);
    expect(await syncAndMove()).toEqual({ end: "slow", sent: 0 });
    expect([states(), files.requests, files.up]).toEqual([["expected", "expected", "expected"], [], 0]);
    expect(phone.server.job("job")?.state).toBe("started");
    browserSays("4g", "wifi");
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
