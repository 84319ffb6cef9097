/** A small tus server to test clients against: one upload at a time is told what goes wrong. */
import { createHash } from "node:crypto";

export interface Kept {
  length: number;
  metadata: Record<string, string>;
  bytes: Uint8Array;
}

type Trouble =
  /** The connection breaks after so many bytes of the body arrived. */
  { cut: number } | { status: number; slug?: string; retryAfter?: number } | "lost";

export class TusModel {
  readonly uploads = new Map<string, Kept>();
  readonly asked: string[] = [];
  /** Bodies that travelled, in bytes. */
  travelled = 0;
  /** By number of request, from 1. */
  readonly troubles = new Map<number, Trouble>();
  #made = 0;

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const path = String(input);
    const { method = "GET", body, signal } = init;
    const headers = new Headers(init.headers);
    this.asked.push(`${method} ${path} ${headers.get("Upload-Offset") ?? ""}`.trim());
    signal?.throwIfAborted();
    if (headers.get("Tus-Resumable") !== "1.0.0" || !headers.get("Naryad-App"))
      return problem(412, "tus-version");
    const trouble = this.troubles.get(this.asked.length);
    if (trouble === "lost") this.uploads.delete(path);
    else if (trouble && "status" in trouble) return problem(trouble.status, trouble.slug, trouble.retryAfter);
    const bytes = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : new Uint8Array();
    const arrived = typeof trouble === "object" && "cut" in trouble ? bytes.slice(0, trouble.cut) : bytes;
    this.travelled += arrived.length;
    const answer = this.#answer(method, path, headers, arrived);
    if (typeof trouble === "object" && "cut" in trouble) throw new TypeError("network");
    return answer;
  };

  #answer(method: string, path: string, headers: Headers, bytes: Uint8Array): Response {
    if (method === "POST") {
      const upload = `/v1/uploads/${++this.#made}`;
      const metadata = decoded(headers.get("Upload-Metadata") ?? "");
      this.uploads.set(upload, { length: Number(headers.get("Upload-Length")), metadata, bytes });
      return new Response(null, { status: 201, headers: { Location: upload, "Upload-Offset": "0" } });
    }
    const kept = this.uploads.get(path);
    if (!kept) return problem(404, "not-found");
    if (method === "DELETE") {
      this.uploads.delete(path);
      return new Response(null, { status: 204 });
    }
    if (method === "PATCH") {
      if (Number(headers.get("Upload-Offset")) !== kept.bytes.length) return problem(409, "offset-mismatch");
      kept.bytes = new Uint8Array([...kept.bytes, ...bytes]);
      const { length, metadata } = kept;
      if (kept.bytes.length === length && hash(kept.bytes) !== metadata["sha256"]) {
        this.uploads.delete(path);
        return problem(460, "checksum-mismatch");
      }
    }
    const status = method === "PATCH" ? 204 : 200;
    return new Response(null, { status, headers: { "Upload-Offset": String(kept.bytes.length) } });
  }
}

export function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function problem(status: number, slug = "", retryAfter?: number): Response {
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  if (retryAfter) headers["Retry-After"] = String(retryAfter);
  const type = slug ? `urn:naryad:problem:${slug}` : "about:blank";
  return new Response(JSON.stringify({ type, title: slug, status }), { status, headers });
}

function decoded(header: string): Record<string, string> {
  const pairs = header.split(",").map((pair) => pair.split(" "));
  return Object.fromEntries(
    pairs.map(([key, value]) => [key, Buffer.from(value ?? "", "base64").toString("utf8")]),
  );
}
