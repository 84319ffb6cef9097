import { beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../shared/sha256";
import { ARRIVES } from "./model-files";
import { Shelf } from "./shelf";
import { fates, files, later, phone, syncAndMove, unpack } from "./test-lane";

beforeEach(unpack);

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
