import { randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import { Tus } from "../../shared/tus";
import { hash, TusModel } from "../../shared/tus-model";
import { type Parcel, type Progress, sendFile, Unreadable, type Way } from "./send-file";

function post(size = 1_000_000) {
  const bytes = new Uint8Array(randomBytes(size));
  const server = new TusModel();
  const parcel: Parcel = {
    file: new File([bytes], "План.pdf", { type: "application/pdf" }),
    id: "a",
    jobId: "j",
  };
  const said: Progress[] = [];
  const stop = new AbortController();
  const pauses: number[] = [];
  const attached: string[] = [];
  const way: Way = {
    tus: new Tus("console", server.fetch),
    attach: async (id) => void attached.push(id),
    told: (progress) => said.push(progress),
    pause: async (seconds) => void pauses.push(seconds),
    signedInAgain: async () => undefined,
    stop: stop.signal,
  };
  const kept = () => server.uploads.get(`/v1/uploads/${attached[0]}`);
  return { bytes, server, parcel, said, stop, pauses, attached, way, kept };
}

test("a file arrives whole, described, in growing pieces, and is given to the job", async () => {
  const { bytes, server, parcel, said, attached, way, kept } = post();
  await sendFile(parcel, way);
  expect(attached).toEqual(["1"]);
  expect(kept()?.metadata).toEqual({
    kind: "attachment",
    id: "a",
    job_id: "j",
    sha256: hash(bytes),
    filename: "План.pdf",
    filetype: "application/pdf",
  });
  expect(hash(kept()?.bytes ?? new Uint8Array())).toBe(hash(bytes));
  expect(server.asked.filter((line) => line.startsWith("PATCH")).length).toBeLessThan(6);
  expect(said.at(-1)).toEqual({ phase: "attaching", done: bytes.length });
  const sending = said.filter(({ phase }) => phase === "sending").map(({ done }) => done);
  expect(sending).toEqual([...sending].sort((a, b) => a - b));
});

test("an empty file is a file", async () => {
  const { parcel, attached, way } = post(0);
  await sendFile(parcel, way);
  expect(attached).toEqual(["1"]);
});

test("after a broken connection it goes on at the server's offset", async () => {
  const { bytes, server, parcel, said, pauses, way, kept } = post();
  server.troubles.set(3, { cut: 1000 }).set(4, { cut: 0 }).set(6, { cut: 100_000 });
  await sendFile(parcel, way);
  expect(hash(kept()?.bytes ?? new Uint8Array())).toBe(hash(bytes));
  expect(server.travelled).toBe(bytes.length);
  expect(said.some(({ phase }) => phase === "waiting")).toBe(true);
  expect(pauses.length).toBe(3);
});

test("another request that is just sending it, and a busy server, are waited for as long as they say", async () => {
  const { server, parcel, pauses, attached, way } = post();
  server.troubles
    .set(2, { status: 423, slug: "upload-locked" })
    .set(4, { status: 503, slug: "unavailable", retryAfter: 20 });
  await sendFile(parcel, way);
  expect(pauses).toEqual([1, 20]);
  expect(attached).toEqual(["1"]);
});

test("an upload that the server lost is begun anew", async () => {
  const { bytes, server, parcel, attached, way, kept } = post();
  server.troubles.set(3, "lost");
  await sendFile(parcel, way);
  expect(attached).toEqual(["2"]);
  expect(hash(kept()?.bytes ?? new Uint8Array())).toBe(hash(bytes));
});

test("a file whose bytes never fit is given up", async () => {
  const { parcel, server, attached, way } = post();
  parcel.sha256 = "0".repeat(64);
  await sendFile(parcel, way); // its hash is taken anew
  expect(attached).toEqual(["2"]);
  expect(server.uploads.size).toBe(1);
});

test.each([
  [413, "too-large"],
  [507, "quota-exceeded"],
  [507, "storage-full"],
])("%d %s ends it with the reason", async (status, slug) => {
  const { server, parcel, pauses, way } = post();
  server.troubles.set(1, { status, slug });
  const refused = await sendFile(parcel, way).catch((error: unknown) => error);
  expect((refused as ProblemError).slug).toBe(slug);
  expect(pauses).toEqual([]);
});

test("a server that stays away is given up at last; another attempt goes on where it was", async () => {
  const { bytes, server, parcel, pauses, way, kept } = post();
  for (let number = 3; number < 60; number++) server.troubles.set(number, { cut: 0 });
  await expect(sendFile(parcel, way)).rejects.toThrow(Unreachable);
  expect(pauses.length).toBe(14);
  const before = server.travelled;
  server.troubles.clear();
  await sendFile(parcel, way);
  expect(before).toBeGreaterThan(0);
  expect(server.travelled).toBe(bytes.length);
  expect(hash(kept()?.bytes ?? new Uint8Array())).toBe(hash(bytes));
});

test("when the session ends, it goes on after signing in again", async () => {
  const { server, parcel, attached, way } = post();
  server.troubles.set(2, { status: 401, slug: "unauthenticated" });
  way.signedInAgain = vi.fn(async () => undefined);
  await sendFile(parcel, way);
  expect(way.signedInAgain).toHaveBeenCalledOnce();
  expect(attached).toEqual(["1"]);
  expect(new NotSignedIn({ type: "", title: "", status: 401 })).toBeInstanceOf(ProblemError);
});

test("a cancelled one stops at once", async () => {
  const { parcel, attached, stop, way } = post();
  way.told = ({ phase }) => phase === "sending" && stop.abort();
  await expect(sendFile(parcel, way)).rejects.toThrow();
  expect(attached).toEqual([]);
});

test("a folder, or a file that changed, cannot be read, and that is what is said", async () => {
  const { parcel, way } = post();
  parcel.file.slice = () => {
    throw new DOMException("", "NotReadableError");
  };
  await expect(sendFile(parcel, way)).rejects.toThrow(Unreadable);
});
