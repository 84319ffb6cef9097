import { type At, type Described, UploadGone } from "../../shared/tus";
import type { Id } from "../../shared/types";
import { AT_ONCE, failed } from "../sync/policy";
import type { HeldPhoto } from "./held-file";
import type { Lane } from "./lane";
import { isOpen } from "./waiting";

/** The first bytes of an upload measure the link before the rest is trusted to it. */
export const FIRST_PIECE = 64 * 1024;
/** Bytes of one PATCH after that: between two the link is judged anew. */
export const PIECE = 256 * 1024;
/** On top of what a piece takes at the slowest speed that is not slow. */
const PATIENCE_MS = 5_000;
/** With the last piece the server joins the file and proves its hash. */
const PROVING_MS = 30_000;
/** What the worker sends on a slow network may take its time, down to a few kbit/s. */
const ANYWAY_MS = 180_000;
/** Until a photo is asked after that was sent and of which nothing was heard. */
const MOST_S = 600;

/** The phone no longer has what it promised to send. */
export class BytesLost extends Error {}

/**
 * Every byte of a photo that the server does not have yet (R3). False when it stopped before the end, because
 * the network has turned slow or the photo was removed meanwhile; true when the last byte was acknowledged.
 * Throws BytesLost and what Tus throws.
 */
export async function send(lane: Lane, photo: HeldPhoto, anyway: boolean): Promise<boolean> {
  const bytes = await lane.shelf.bytes(photo.id);
  if (bytes.size !== photo.size) throw new BytesLost();
  let at = await whereItIs(lane, photo);
  const { offset: began, seconds: roundTrip } = at;
  const { id, size } = photo;
  for (let first = true; at.offset < size; first = false) {
    lane.told({ id, done: at.offset, size });
    if (!(await mayGoOn(lane, id, anyway))) return false;
    const piece = bytes.slice(at.offset, at.offset + (first ? FIRST_PIECE : PIECE));
    const last = at.offset + piece.size >= size;
    const before = at.offset;
    at = await lane.tus.send(
      at.upload,
      before,
      piece,
      patience(lane, piece, last, anyway, roundTrip),
      lane.stop,
    );
    if (!last) lane.link.tried(piece.size, at.seconds - roundTrip);
    if (at.offset <= before) throw new UploadGone("upload-gone"); // it would go on for ever
  }
  lane.told({ id, done: size, size });
  const now = lane.link.now();
  await lane.shelf.setPhoto(id, ({ trouble: _, ...held }) => ({
    ...held,
    sentAt: held.sentAt ?? now,
    attempts: failed(held.sentAt === undefined ? AT_ONCE : held.attempts, MOST_S, now, Math.random()),
  }));
  return at.offset > began || photo.sentAt === undefined;
}

/** The upload as it stands; a new one where there is none any more. */
async function whereItIs({ tus, shelf, stop }: Lane, photo: HeldPhoto): Promise<At> {
  if (photo.upload) {
    try {
      return await tus.where(photo.upload, stop);
    } catch (error) {
      if (!(error instanceof UploadGone) || error.slug !== "upload-gone") throw error;
    }
  }
  const at = await tus.create(described(photo), photo.size, stop);
  await shelf.setPhoto(photo.id, ({ sentAt: _, ...held }) => ({ ...held, upload: at.upload }));
  return at;
}

function described(photo: HeldPhoto): Described {
  return {
    kind: "photo",
    id: photo.id,
    job_id: photo.jobId,
    sha256: photo.sha256,
    filename: `${photo.field}.jpg`,
    filetype: photo.mediaType,
  };
}

async function mayGoOn({ shelf, link, policy }: Lane, id: Id, anyway: boolean): Promise<boolean> {
  if (!anyway && !isOpen(link.network(policy), policy)) return false;
  const held = (await shelf.read()).photos.find((one) => one.id === id);
  return held !== undefined && !held.removed && !held.refused;
}

function patience({ policy }: Lane, piece: Blob, last: boolean, anyway: boolean, roundTrip: number): number {
  if (anyway || policy.files_on === "any") return ANYWAY_MS;
  const slowest = (piece.size * 8) / policy.slow_below_kbit_s;
  return Math.ceil(slowest + PATIENCE_MS + roundTrip * 1000) + (last ? PROVING_MS : 0);
}
