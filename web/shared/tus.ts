import { refusalOf, Unreachable } from "./api";

const VERSION = "1.0.0";
const UPLOADS = "/v1/uploads";
const BODY = "application/offset+octet-stream";
/** An answer to a request without a body. */
const TIMEOUT_MS = 30_000;

/** What a file is: the server takes it under this id for this job. */
export interface Described {
  kind: "photo" | "attachment";
  id: string;
  job_id: string;
  /** Hex, of the whole file. */
  sha256: string;
  filename: string;
  filetype: string;
}

/** How much of an upload the server has, and how long it took to say so. */
export interface At {
  /** The path of the upload. */
  upload: string;
  offset: number;
  seconds: number;
}

/** The upload has expired, or its bytes were another file's: begin anew. */
export class UploadGone extends Error {
  constructor(readonly slug: "upload-gone" | "checksum-mismatch") {
    super(slug);
  }
}

/** A piece took longer than it may. What arrived of it stays on the server. */
export class TooSlow extends Error {}

export type Fetch = typeof fetch;

/**
 * A client of tus 1.0.0 (https://tus.io/protocols/resumable-upload): create, ask where it is, send one piece,
 * give up. All throw UploadGone, NotSignedIn, ProblemError, Unreachable, and the reason of `stop`.
 */
export class Tus {
  constructor(
    private readonly app: "console" | "field",
    private readonly fetch: Fetch = globalThis.fetch.bind(globalThis),
    /** Milliseconds of a steady clock. */
    private readonly clock: () => number = () => performance.now(),
  ) {}

  async create(file: Described, size: number, stop: AbortSignal): Promise<At> {
    const headers = { "Upload-Length": String(size), "Upload-Metadata": encoded({ ...file }) };
    const { response, seconds } = await this.ask("POST", UPLOADS, { headers }, TIMEOUT_MS, stop);
    const location = response.headers.get("Location");
    if (response.status !== 201 || !location) throw await refusalOf(response);
    return { upload: new URL(location, `http://naryad${UPLOADS}`).pathname, offset: 0, seconds };
  }

  /** Never guessed, always asked: what the server has of an upload. */
  async where(upload: string, stop: AbortSignal): Promise<At> {
    const { response, seconds } = await this.ask("HEAD", upload, {}, TIMEOUT_MS, stop);
    return { upload, offset: await offsetOf(response), seconds };
  }

  /** Sends a piece. Throws TooSlow too. */
  async send(upload: string, offset: number, piece: Blob, timeoutMs: number, stop: AbortSignal): Promise<At> {
    const headers = { "Upload-Offset": String(offset), "Content-Type": BODY };
    const sent = await this.ask("PATCH", upload, { headers, body: piece }, timeoutMs, stop);
    return { upload, offset: await offsetOf(sent.response), seconds: sent.seconds };
  }

  /** Give an upload up: the server forgets what came of it. One that is gone already is no error. */
  async end(upload: string, stop: AbortSignal): Promise<void> {
    const { response } = await this.ask("DELETE", upload, {}, TIMEOUT_MS, stop);
    if (!response.ok && response.status !== 404) throw await refusalOf(response);
  }

  private async ask(method: string, path: string, init: RequestInit, timeoutMs: number, stop: AbortSignal) {
    const deadline = AbortSignal.timeout(timeoutMs);
    const began = this.clock();
    const { fetch } = this;
    try {
      const response = await fetch(path, {
        ...init,
        method,
        headers: { "Naryad-App": this.app, "Tus-Resumable": VERSION, ...init.headers },
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.any([deadline, stop]),
      });
      return { response, seconds: (this.clock() - began) / 1000 };
    } catch (error) {
      stop.throwIfAborted();
      if (deadline.aborted && init.body) throw new TooSlow();
      throw new Unreachable("The server cannot be reached.", { cause: error });
    }
  }
}

async function offsetOf(response: Response): Promise<number> {
  const { status } = response;
  if (status === 404 || status === 410) throw new UploadGone("upload-gone");
  if (status === 460) throw new UploadGone("checksum-mismatch");
  const offset = response.headers.get("Upload-Offset");
  if (!response.ok) throw await refusalOf(response);
  if (offset === null || !/^\d+$/.test(offset)) throw new Unreachable("The answer is not from our server.");
  return Number(offset);
}

function encoded(metadata: Record<string, string>): string {
  const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(metadata)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(",");
}
