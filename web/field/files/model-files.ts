import { sha256 } from "../../shared/sha256";
import type { Fetch } from "../../shared/tus";
import type { Id, Photo } from "../../shared/types";
import type { ModelServer } from "../sync/model-server";

interface Upload {
  length: number;
  metadata: Record<string, string>;
  parts: Blob[];
}

/** What happens to one request about files. `cut`: so many bytes of its body arrive, then the line is dead. */
export type FileFate =
  | { kind: "arrives" }
  | { kind: "request lost" }
  | { kind: "answer lost" }
  | { kind: "cut"; after: number }
  | { kind: "answers"; status: number; slug?: string; retryAfter?: number };

export const ARRIVES: FileFate = { kind: "arrives" };

/**
 * The server's half of files, for tests: tus 1.0.0 and ranges, on a link of a given speed. Time passes by the
 * bytes that travel, on a clock of its own.
 */
export class ModelFiles {
  fate: (method: string, path: string) => FileFate = () => ARRIVES;
  /** Of the link, both ways. */
  kbitS = 5000;
  roundTripS = 0.05;
  /** Milliseconds since the beginning. */
  time = 0;
  readonly requests: string[] = [];
  /** Bytes of photos that left the phone, and bytes of files that reached it. */
  up = 0;
  down = 0;
  readonly uploads = new Map<string, Upload>();
  readonly contents = new Map<string, Blob>();
  readonly attachments = new Map<Id, Blob>();
  private opened = 0;

  constructor(private readonly server: ModelServer) {}

  readonly clock = () => this.time;

  readonly fetch: Fetch = async (input, init = {}) => {
    const path = String(input);
    const method = init.method ?? "GET";
    const headers = new Headers(init.headers);
    this.time += this.roundTripS * 1000;
    if (path.startsWith("/app/")) return this.bodyOf(new Blob([new Uint8Array(12_000)]));
    this.requests.push(`${method} ${path}`);
    const fate = this.fate(method, path);
    if (fate.kind === "request lost") throw new TypeError("lost");
    if (fate.kind === "answers") return refusal(fate.status, fate.slug, fate.retryAfter);
    const answer = await this.answer(method, path, headers, init.body as Blob | undefined, fate, init.signal);
    if (fate.kind === "answer lost" || (fate.kind === "cut" && method === "PATCH"))
      throw new TypeError("lost");
    return answer;
  };

  private async answer(
    method: string,
    path: string,
    headers: Headers,
    body: Blob | undefined,
    fate: FileFate,
    signal?: AbortSignal | null,
  ): Promise<Response> {
    if (path.startsWith("/v1/files/")) return this.file(path.slice("/v1/files/".length), headers, fate);
    if (method === "POST") return this.create(headers);
    const upload = this.uploads.get(path);
    if (!upload) return refusal(404, "not-found");
    if (method === "HEAD") return offset(200, upload);
    if (Number(headers.get("Upload-Offset")) !== received(upload)) return refusal(409, "offset-mismatch");
    const arrived = (body as Blob).slice(0, fate.kind === "cut" ? fate.after : undefined);
    this.up += arrived.size;
    this.pass(arrived.size);
    signal?.throwIfAborted();
    upload.parts.push(arrived);
    return received(upload) === upload.length ? this.finish(path, upload) : offset(204, upload);
  }

  private create(headers: Headers): Response {
    const pairs = (headers.get("Upload-Metadata") ?? "").split(",").map((one) => one.split(" "));
    const metadata = Object.fromEntries(pairs.map(([key, value]) => [key, atob(value ?? "")]));
    this.opened += 1;
    const path = `/v1/uploads/${this.opened}`;
    this.uploads.set(path, { length: Number(headers.get("Upload-Length")), metadata, parts: [] });
    return new Response(null, { status: 201, headers: { Location: path } });
  }

  /** Prove the hash, and say so on every photo with this content. */
  private async finish(path: string, upload: Upload): Promise<Response> {
    const whole = new Blob(upload.parts);
    const hash = await sha256(whole);
    if (hash !== upload.metadata["sha256"]) {
      this.uploads.delete(path);
      return refusal(460, "checksum-mismatch");
    }
    this.contents.set(hash, whole);
    this.available(upload.metadata["job_id"] ?? "");
    return offset(204, upload);
  }

  /** The photos of a job whose content is here become available. */
  available(jobId: Id): void {
    const photos = this.server.job(jobId)?.photos ?? [];
    const after = photos.map(
      (one): Photo => (this.contents.has(one.sha256) ? { ...one, state: "available" } : one),
    );
    if (photos.some((one, place) => one.state !== after[place]?.state))
      this.server.put(jobId, { photos: after });
  }

  private async file(id: Id, headers: Headers, fate: FileFate): Promise<Response> {
    const whole = this.attachments.get(id);
    if (!whole) return refusal(404, "not-found");
    const etag = `"${await sha256(whole)}"`;
    const from = /^bytes=(\d+)-$/.exec(headers.get("Range") ?? "")?.[1];
    const part = from !== undefined && headers.get("If-Range") === etag;
    const rest = part ? whole.slice(Number(from)) : whole;
    return this.bodyOf(rest, part ? 206 : 200, etag, fate);
  }

  private bodyOf(whole: Blob, status = 200, etag?: string, fate: FileFate = ARRIVES): Response {
    const pass = (bytes: number) => this.pass(bytes);
    const cut = fate.kind === "cut" ? fate.after : Number.POSITIVE_INFINITY;
    let sent = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (sent >= cut) return controller.error(new TypeError("lost"));
          const piece = whole.slice(sent, Math.min(sent + 16_384, cut));
          if (piece.size === 0) return controller.close();
          pass(piece.size);
          if (etag) this.down += piece.size;
          sent += piece.size;
          controller.enqueue(new Uint8Array(await piece.arrayBuffer()));
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status, headers: etag ? { ETag: etag } : {} });
  }

  private pass(bytes: number): void {
    this.time += (bytes * 8) / this.kbitS;
  }
}

function received(upload: Upload): number {
  return upload.parts.reduce((sum, one) => sum + one.size, 0);
}

function offset(status: number, upload: Upload): Response {
  return new Response(null, { status, headers: { "Upload-Offset": String(received(upload)) } });
}

function refusal(status: number, slug = "", retryAfter?: number): Response {
  const type = slug ? `urn:naryad:problem:${slug}` : "about:blank";
  return new Response(JSON.stringify({ type, title: slug, status, detail: slug }), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      ...(retryAfter ? { "Retry-After": String(retryAfter) } : {}),
    },
  });
}
