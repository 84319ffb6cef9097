import { NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import { sha256 } from "../../shared/sha256";
import { type At, TooSlow, type Tus, UploadGone } from "../../shared/tus";
import type { Id } from "../../shared/types";

/** The first piece; each next one is twice as large while it is quick. */
const FIRST = 64 * 1024;
/** The server keeps pieces of this size without joining them again. */
const LARGEST = 8 * 1024 * 1024;
const QUICK_S = 1;
const LONG_S = 4;
const PIECE_TIMEOUT_MS = 120_000;
/** Pauses without progress, growing to the longest: about five minutes, then the dispatcher is asked. */
const MOST_PAUSES = 14;
const LONGEST_PAUSE_S = 30;
/** Uploads begun anew, because the server lost one or its bytes did not fit. */
const MOST_BEGINNINGS = 3;

const PASSING = new Set([408, 423, 429, 502, 503, 504]);
const PASSING_SLUGS = new Set(["offset-mismatch", "upload-incomplete"]);

/** The file cannot be read: a folder, or changed or removed since it was chosen. */
export class Unreadable extends Error {}

export type Progress =
  | { phase: "reading" | "sending"; done: number }
  /** The connection is broken: it goes on by itself. */
  | { phase: "waiting"; done: number }
  | { phase: "attaching"; done: number };

export interface Way {
  tus: Tus;
  /** Gives the job the file that the upload brought. */
  attach(uploadId: Id): Promise<void>;
  told(progress: Progress): void;
  /** Waits, less long when the network comes back. Throws the reason of `stop`. */
  pause(seconds: number, stop: AbortSignal): Promise<void>;
  signedInAgain(): Promise<void>;
  stop: AbortSignal;
}

/** A file on its way; kept between attempts, so that another one goes on where this one ended. */
export interface Parcel {
  readonly file: File;
  readonly id: Id;
  readonly jobId: Id;
  sha256?: string;
  upload?: string;
}

/**
 * Everything from a chosen file to an attachment of its job, across broken connections and an ended session.
 *
 * Throws Unreadable, ProblemError, Unreachable (after many tries), UploadGone, and the reason of `stop`.
 */
export async function sendFile(parcel: Parcel, way: Way): Promise<void> {
  const { told, stop } = way;
  let done = 0;
  let pauses = 0;
  let beginnings = 0;
  let piece = FIRST;
  for (;;) {
    try {
      parcel.sha256 ??= await hashOf(parcel.file, way);
      let at = await whereItIs(parcel, way);
      while (at.offset < parcel.file.size) {
        told({ phase: "sending", done: at.offset });
        const bytes = await read(parcel.file, at.offset, at.offset + piece);
        at = await way.tus.send(at.upload, at.offset, bytes, PIECE_TIMEOUT_MS, stop);
        if (at.offset > done) pauses = 0;
        done = at.offset;
        if (at.seconds < QUICK_S) piece = Math.min(piece * 2, LARGEST);
        if (at.seconds > LONG_S) piece = Math.max(piece / 2, FIRST);
      }
      told({ phase: "attaching", done: parcel.file.size });
      await way.attach(at.upload.slice(at.upload.lastIndexOf("/") + 1));
      return;
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof NotSignedIn) {
        told({ phase: "waiting", done });
        await way.signedInAgain();
      } else if (error instanceof UploadGone && ++beginnings < MOST_BEGINNINGS) {
        delete parcel.upload;
        if (error.slug === "checksum-mismatch") delete parcel.sha256;
      } else if (isPassing(error) && ++pauses <= MOST_PAUSES) {
        if (error instanceof TooSlow) piece = FIRST;
        told({ phase: "waiting", done });
        const wanted = Math.min(2 ** (pauses - 1), LONGEST_PAUSE_S);
        await way.pause(Math.max(wanted, error instanceof ProblemError ? (error.retryAfter ?? 0) : 0), stop);
      } else if (error instanceof TooSlow) {
        throw new Unreachable("The server cannot be reached.", { cause: error });
      } else {
        throw error;
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable || error instanceof TooSlow) return true;
  return error instanceof ProblemError && (PASSING.has(error.status) || PASSING_SLUGS.has(error.slug));
}

async function hashOf(file: File, { told, stop }: Way): Promise<string> {
  told({ phase: "reading", done: 0 });
  try {
    return await sha256(file, (done) => told({ phase: "reading", done }), stop);
  } catch (error) {
    stop.throwIfAborted();
    throw new Unreadable(file.name, { cause: error });
  }
}

async function read(file: File, from: number, to: number): Promise<Blob> {
  try {
    return new Blob([await file.slice(from, to).arrayBuffer()]);
  } catch (error) {
    throw new Unreadable(file.name, { cause: error });
  }
}

async function whereItIs(parcel: Parcel, { tus, stop }: Way): Promise<At> {
  if (parcel.upload) return tus.where(parcel.upload, stop);
  const { file, id, jobId } = parcel;
  const at = await tus.create(
    {
      kind: "attachment",
      id,
      job_id: jobId,
      sha256: parcel.sha256 ?? "",
      filename: file.name,
      filetype: file.type,
    },
    file.size,
    stop,
  );
  parcel.upload = at.upload;
  return at;
}
