import { type Api, NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import type { Me } from "../../shared/types";

/** What a phone remembers of its registration with the server (DESIGN 4.6). Times in ms. */
export interface HeldPush {
  /** The server's VAPID key; null: its Web Push is off; undefined: never asked. */
  key?: string | null;
  /** The subscription that the server took, as it was sent; empty: the server has none of us. */
  told: string;
  /** Why there is none although notifications are allowed. */
  trouble?: Trouble;
  /** When to ask the server again for its key, and whether it still holds us. */
  askAt: number;
  /** Before this, nothing is asked and nothing is sent. */
  notBefore: number;
}

/** `offline`: no answer; `browser`: its push service gave no subscription; `refused`: the server took none. */
export type Trouble = "offline" | "browser" | "refused";

export const UNREGISTERED: HeldPush = { told: "", askAt: 0, notBefore: 0 };

/** What is used of a PushSubscription. */
export interface Subscription {
  options: { applicationServerKey: ArrayBuffer | null };
  toJSON(): PushSubscriptionJSON;
  unsubscribe(): Promise<boolean>;
}

/** What is used of the browser. */
export interface Browser {
  allowed: boolean;
  getSubscription(): Promise<Subscription | null>;
  subscribe(key: string): Promise<Subscription>;
}

const ASK_EVERY_MS = 3_600_000;
const KEY = "/v1/push/webpush-key";
const PUSH = "/v1/devices/current/push";

/**
 * Bring the server's registration of this phone to what it must be: one attempt, to be repeated after each
 * sync. While all is well it costs no request but two small ones an hour; `ask` wants those now. Never throws
 * for the network, the server or the browser's push service: `trouble` then says what is wrong.
 */
export async function register(
  browser: Browser,
  request: Api,
  held: HeldPush,
  now: number,
  ask = false,
): Promise<HeldPush> {
  if (now < held.notBefore) return held;
  const { trouble: _, ...known } = held;
  let next: HeldPush = known;
  try {
    let off = false;
    if (ask || now >= held.askAt) {
      const key = await askKey(request);
      off = next.told !== "" && (await isOff(request));
      next = { ...next, key, told: off ? "" : next.told, askAt: now + ASK_EVERY_MS };
    }
    if (!browser.allowed) return await withdraw(request, next);
    if (!next.key) return next;
    const subscription = await subscribe(browser, next.key, off, held.key);
    const tell = JSON.stringify(subscription);
    if (tell !== next.told) {
      next = { ...next, told: "" };
      await request("PUT", PUSH, { body: { channel: "webpush", subscription } });
    }
    return { ...next, told: tell };
  } catch (error) {
    return troubled(next, error, now);
  }
}

/** Notifications are allowed no more: the dispatcher is to see it. */
async function withdraw(request: Api, held: HeldPush): Promise<HeldPush> {
  if (held.told) await request("DELETE", PUSH);
  return { ...held, told: "" };
}

/** The subscription of the browser; a new one if the key has changed, or if the server gave up the old one. */
async function subscribe(
  browser: Browser,
  key: string,
  off: boolean,
  keyBefore: string | null | undefined,
): Promise<Subscription> {
  const held = await browser.getSubscription();
  if (held) {
    const { applicationServerKey: made } = held.options;
    const same = (made ? base64url(made) : keyBefore) === key; // not every browser tells the key
    if (same && !off) return held;
    await held.unsubscribe();
  }
  return browser.subscribe(key);
}

async function askKey(request: Api): Promise<string | null> {
  try {
    const { key } = await request<{ key: string }>("GET", KEY);
    return key.replace(/=+$/, "");
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  }
}

/** The server has retired this phone's registration. */
async function isOff(request: Api): Promise<boolean> {
  const { device } = await request<Me>("GET", "/v1/me");
  return device?.push === null || device?.push?.state === "off";
}

function troubled(held: HeldPush, error: unknown, now: number): HeldPush {
  if (error instanceof NotSignedIn) return held; // the sync says so
  if (error instanceof Unreachable) return { ...held, trouble: "offline" };
  if (error instanceof DOMException) return { ...held, trouble: "browser" };
  if (!(error instanceof ProblemError)) throw error;
  const busy = error.status >= 500 || error.status === 429;
  const waitMs = error.retryAfter === undefined ? (busy ? 0 : ASK_EVERY_MS) : error.retryAfter * 1000;
  return { ...held, trouble: busy ? "offline" : "refused", notBefore: now + waitMs };
}

function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
