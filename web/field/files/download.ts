import { refusalOf, Unreachable } from "../../shared/api";
import type { Fetch } from "../../shared/tus";
import type { HeldAttachment } from "./held-file";

/** Bytes that are kept at once: so much is fetched again after a cut at most. */
const PIECE = 128 * 1024;
/** Nothing came for so long. */
const SILENT_MS = 30_000;

/** What has come of an answer's body when a piece of it is full, or it ends. */
export interface Piece {
  bytes: Blob;
  /** Where it begins in the file. */
  place: number;
  etag: string | undefined;
  /** Since the first byte of the answer, all pieces together. */
  received: number;
  seconds: number;
}

/**
 * What is missing of a file, piece by piece, for as long as the caller wants more. A first piece at place 0
 * replaces whatever was held. Throws NotSignedIn, ProblemError, Unreachable.
 */
export async function* download(
  fetch: Fetch,
  clock: () => number,
  file: HeldAttachment,
  stop: AbortSignal,
): AsyncGenerator<Piece> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, stop]);
  let silence = setTimeout(() => ended.abort(), SILENT_MS);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => ended.abort(), SILENT_MS);
  };
  try {
    const response = await ask(fetch, file, signal);
    const began = clock();
    const etag = response.headers.get("ETag") ?? undefined;
    const body = response.body?.getReader();
    let place = response.status === 206 ? file.received : 0;
    let received = 0;
    let waiting: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for (;;) {
      const next = body ? await body.read() : { done: true as const, value: undefined };
      heard();
      if (next.value) {
        waiting.push(next.value);
        size += next.value.byteLength;
      }
      if (size >= PIECE || (next.done && size > 0)) {
        received += size;
        yield { bytes: new Blob(waiting), place, etag, received, seconds: (clock() - began) / 1000 };
        place += size;
        waiting = [];
        size = 0;
      }
      if (next.done) return;
    }
  } catch (error) {
    stop.throwIfAborted();
    if (error instanceof TypeError || ended.signal.aborted) {
      throw new Unreachable("The connection broke.", { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(silence);
    ended.abort();
  }
}

async function ask(fetch: Fetch, file: HeldAttachment, signal: AbortSignal): Promise<Response> {
  const goOn: Record<string, string> =
    file.received > 0 && file.etag ? { Range: `bytes=${file.received}-`, "If-Range": file.etag } : {};
  const response = await fetch(`/v1/files/${file.id}`, {
    headers: { "Naryad-App": "field", ...goOn },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal,
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}
