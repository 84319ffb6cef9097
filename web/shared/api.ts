import type { Problem } from "./types";

const PROBLEM = "urn:naryad:problem:";
const TIMEOUT_MS = 30_000;

/** The server said no, and why (RFC 9457). */
export class ProblemError extends Error {
  override readonly name: string = "ProblemError";

  constructor(
    readonly problem: Problem,
    /** Seconds; from 429 and 503. */
    readonly retryAfter?: number,
  ) {
    super(problem.detail ?? problem.title);
  }

  get status(): number {
    return this.problem.status;
  }

  /** The stable name: `version-mismatch`. Empty when the answer was not one of ours (a proxy's). */
  get slug(): string {
    const { type } = this.problem;
    return type.startsWith(PROBLEM) ? type.slice(PROBLEM.length) : "";
  }
}

/** The session is unknown or has ended: sign in again. What was not sent stays. */
export class NotSignedIn extends ProblemError {
  override readonly name = "NotSignedIn";
}

/** No answer of our server: no network, a timeout, or somebody else's page in between. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Told of the body of each answer: its bytes on the wire, and the seconds they took to come. */
export type Travelled = (bytes: number, seconds: number) => void;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Talk to the API of our own origin as one of the two apps; the session travels in that app's cookie.
 *
 * Answers the parsed body, or undefined for 204. Throws NotSignedIn, ProblemError or Unreachable.
 */
export function createApi(app: "console" | "field", travelled: Travelled = () => undefined) {
  return async function request<T = undefined>(
    method: Method,
    path: string,
    options: RequestOptions = {},
  ): Promise<T> {
    const response = await send(app, method, path, options);
    if (response.status === 204) return undefined as T;
    const began = performance.now();
    const body = await readJson(response);
    const bytes = Number(response.headers.get("Content-Length"));
    if (bytes > 0) travelled(bytes, (performance.now() - began) / 1000);
    if (response.ok) {
      if (body === undefined) throw new Unreachable("The answer is not from our server.");
      return body as T;
    }
    throw refusal(response, body);
  };
}

export type Api = ReturnType<typeof createApi>;

async function send(app: string, method: Method, path: string, options: RequestOptions): Promise<Response> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const headers: Record<string, string> = {
    "Naryad-App": app,
    Accept: "application/json",
    ...options.headers,
  };
  const init: RequestInit = {
    method,
    headers,
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error", // a captive portal's redirect is no answer
    signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
  };
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(path + queryString(options.query), init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable("The server cannot be reached.", { cause: error });
  }
}

function queryString(query: RequestOptions["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** The JSON body; undefined when there is none to be read. A body cut short is no answer. */
async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!/[/+]json\b/.test(type)) return undefined;
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw new Unreachable("The answer was cut short.", { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What an answer that is no success says: a NotSignedIn or another ProblemError. Throws Unreachable. */
export async function refusalOf(response: Response): Promise<ProblemError> {
  return refusal(response, await readJson(response));
}

function refusal(response: Response, body: unknown): ProblemError {
  const problem = isProblem(body)
    ? body
    : {
        type: "about:blank",
        title: response.statusText || `HTTP ${response.status}`,
        status: response.status,
      };
  const seconds = Number(response.headers.get("Retry-After"));
  const retryAfter = seconds > 0 ? seconds : undefined;
  const ended = response.status === 401 && problem.type !== `${PROBLEM}wrong-credentials`;
  return new (ended ? NotSignedIn : ProblemError)(problem, retryAfter);
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === "object" &&
    body !== null &&
    "type" in body &&
    "status" in body &&
    typeof body.type === "string"
  );
}
