import type { Attachment, Id, Instant, Photo } from "../../shared/types";
import type { Schedule } from "../sync/policy";

/** Why a file did not move the last time: a problem's slug, or one of our own. */
export interface Trouble {
  slug: string;
  /** The server's words; shown when there are none of ours. */
  detail?: string;
}

/** How a file goes on: there is no mark "running" that could outlive a crash. */
interface Carried {
  id: Id;
  jobId: Id;
  sha256: string;
  size: number;
  mediaType: string;
  attempts: Schedule;
  trouble?: Trouble;
}

/** A photo whose bytes are on this phone until the server has proved that it has them. */
export interface HeldPhoto extends Carried {
  field: string;
  takenAt?: Instant;
  /** The upload's address, once there is one. */
  upload?: string;
  /** Every byte was acknowledged; the server has not yet said `available`. Seconds. */
  sentAt?: number;
  /** The worker has removed it, with the removal still on its way. */
  removed?: true;
  /** The server will not have it: its bytes stay until the worker decides. */
  refused?: true;
}

/** An attachment of a job on this phone. */
export interface HeldAttachment extends Carried {
  name: string;
  /** Bytes that are here. */
  received: number;
  /** What they are a part of. */
  etag?: string;
  /** Whole, and its SHA-256 is right. */
  held?: true;
  /** "Download now": on a slow network too. */
  wanted?: true;
}

export type WirePhoto = Omit<Photo, "state" | "reason">;

/** A photo as it is taken: what travels with the operation, and what stays until it was sent. */
export interface Picture {
  photo: WirePhoto;
  bytes: Blob;
  thumbnail: Blob;
}

export function isPhoto(file: HeldPhoto | HeldAttachment): file is HeldPhoto {
  return "field" in file;
}

/** Photos that still have to leave this phone, as the worker counts them: none is proved to be there. */
export function unproved(photos: readonly HeldPhoto[]): HeldPhoto[] {
  return photos.filter((one) => !one.removed);
}

/** Photos whose bytes still have to travel. */
export function unsentPhotos(photos: readonly HeldPhoto[]): HeldPhoto[] {
  return photos.filter((one) => !one.removed && !one.refused && one.sentAt === undefined);
}

export function bytesOf(files: readonly { size: number }[]): number {
  return files.reduce((sum, one) => sum + one.size, 0);
}

export function attachmentOf(jobId: Id, sent: Attachment, attempts: Schedule): HeldAttachment {
  const { id, name, size, sha256, media_type: mediaType } = sent;
  return { id, jobId, name, size, sha256, mediaType, received: 0, attempts };
}
