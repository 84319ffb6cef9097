import { type Api, NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import type { PushState } from "../../shared/types";
import type { Browser, Subscription } from "./registration";

/** A server as far as pushes go, and what it was asked. */
export class TestOffice {
  key: string | undefined = "AQID";
  /** What it says of this phone in `GET /v1/me`. */
  push: PushState | null | undefined = null;
  /** The subscription it holds. */
  taken: unknown;
  asked: string[] = [];
  /** Its next answers, by request: these are thrown. */
  failures: [string, Error][] = [];

  readonly request = (async (method: string, path: string, options: { body?: unknown } = {}) => {
    const asked = `${method} ${path}`;
    this.asked.push(asked);
    const [failing, failure] = this.failures[0] ?? [];
    if (failure && failing === asked) {
      this.failures.shift();
      throw failure;
    }
    switch (asked) {
      case "GET /v1/push/webpush-key":
        if (this.key === undefined) throw problem(404);
        return { key: this.key };
      case "GET /v1/me":
        return { device: { id: "d", last_seq: 0, push: this.push } };
      case "PUT /v1/devices/current/push":
        this.taken = (options.body as { subscription: Subscription }).subscription.toJSON();
        this.push = { channel: "webpush", state: "on", since: "2026-11-24T10:00:00Z" };
        return undefined;
      case "DELETE /v1/devices/current/push":
        this.taken = undefined;
        this.push = null;
        return undefined;
      default:
        throw new Error(`unexpected: ${asked}`);
    }
  }) as Api;
}

export function problem(status: number, retryAfter?: number): ProblemError {
  return new ProblemError({ type: "about:blank", title: "", status }, retryAfter);
}

export const NO_NETWORK = new Unreachable("no network");
export const SIGNED_OUT = new NotSignedIn({ type: "about:blank", title: "", status: 401 });

/** A browser whose push service gives a new address with every subscription. */
export class TestBrowser implements Browser {
  allowed = true;
  held: Subscription | null = null;
  /** What its push service answers instead of a subscription. */
  failure: Error | undefined;
  tellsKey = true;
  made = 0;

  async getSubscription(): Promise<Subscription | null> {
    return this.held;
  }

  async subscribe(key: string): Promise<Subscription> {
    if (this.failure) throw this.failure;
    this.made += 1;
    const endpoint = `https://push.example/${this.made}`;
    const made = Uint8Array.from(atob(key), (one) => one.charCodeAt(0)).buffer as ArrayBuffer;
    this.held = {
      options: { applicationServerKey: this.tellsKey ? made : null },
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: "p", auth: "a" } }),
      unsubscribe: async () => {
        this.held = null;
        return true;
      },
    };
    return this.held;
  }
}
