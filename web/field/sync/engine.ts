import { type Api, NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import type { NetworkClass, SyncAnswer, SyncRequest, SyncTrigger } from "../../shared/types";
import { nowWithOffset } from "./clock";
import { wire } from "./outbox";
import type { Prepared, Store } from "./store";

const MOST_OPERATIONS = 500;
/** So many rounds in a row without any progress, and the phone waits instead of asking on. */
const FRUITLESS = 5;
/** A slow 2G needs long for a full page. */
const TIMEOUT_MS = 90_000;

/** What the phone says of itself with a sync. */
export interface Health {
  network: NetworkClass;
  appVersion: string;
  /** The network is probably not there: ask before operations leave, so that they can still be changed. */
  doubtful: boolean;
}

/** How a sync ended. `offline`: no answer, or a server in trouble; `refused`: the server said no, and why. */
export type Outcome =
  | { end: "done" }
  | { end: "offline"; retryAfterS?: number }
  | { end: "sign-in" }
  | { end: "refused"; error: ProblemError; retryAfterS?: number }
  | { end: "stuck" };

/** One request's result: nothing more to say, ask again at once, or again with fewer operations. */
type Then = "rest" | "again" | "smaller";

/**
 * One sync, from the first request to the last page (R1). Never two at a time on one store: operations are
 * numbered. Everything that came or went is in the store when this returns, whatever the outcome.
 */
export async function exchange(
  store: Store,
  request: Api,
  trigger: SyncTrigger,
  health: Health,
): Promise<Outcome> {
  let most = health.doubtful ? 0 : MOST_OPERATIONS;
  let fruitless = 0;
  let before: Prepared | undefined;
  try {
    while (fruitless < FRUITLESS) {
      const prepared = await store.prepare(most);
      fruitless = before && !hasProgressed(before, prepared) ? fruitless + 1 : 0;
      before = prepared;
      const then = await round(store, request, trigger, health, prepared);
      const heldBack = most === 0 && prepared.left > 0; // the network is there after all
      if (then === "rest" && !heldBack) return { end: "done" };
      most = then === "smaller" ? Math.ceil(prepared.operations.length / 2) : most || MOST_OPERATIONS;
    }
    return { end: "stuck" };
  } catch (error) {
    return outcomeOf(error, store);
  }
}

function hasProgressed(before: Prepared, now: Prepared): boolean {
  const fewer = now.operations.length + now.left < before.operations.length + before.left;
  return fewer || now.cursor !== before.cursor || now.operations.length < before.operations.length;
}

async function round(
  store: Store,
  request: Api,
  trigger: SyncTrigger,
  health: Health,
  prepared: Prepared,
): Promise<Then> {
  const told = `${health.network} ${prepared.left} ${prepared.files} ${prepared.bytes} ${health.appVersion}`;
  const idle =
    prepared.operations.length === 0 && !prepared.expired && (told === prepared.told || health.doubtful);
  try {
    const answer = idle
      ? await poll(request, prepared)
      : await post(request, bodyOf(prepared, trigger, health));
    if (answer === undefined) {
      await store.set({ syncedAt: Date.now(), signInNeeded: false });
      return "rest";
    }
    const { left, expired } = await store.take(
      answer,
      prepared.operations,
      idle ? undefined : told,
      Date.now(),
    );
    const unsent = left > 0 && prepared.operations.length > 0; // made meanwhile, or beyond one request's measure
    return answer.more || expired || unsent ? "again" : "rest";
  } catch (error) {
    if (error instanceof ProblemError) return mend(store, prepared, error);
    throw error;
  }
}

/** Nothing to say: 204 when there is nothing to hear either. */
function poll(request: Api, { cursor }: Prepared): Promise<SyncAnswer | undefined> {
  return request<SyncAnswer | undefined>("GET", "/v1/sync", { query: { cursor }, timeoutMs: TIMEOUT_MS });
}

function post(request: Api, body: SyncRequest): Promise<SyncAnswer> {
  return request<SyncAnswer>("POST", "/v1/sync", { body, timeoutMs: TIMEOUT_MS });
}

function bodyOf(prepared: Prepared, trigger: SyncTrigger, health: Health): SyncRequest {
  return {
    cursor: prepared.expired ? null : prepared.cursor,
    device: {
      trigger,
      network: health.network,
      now: nowWithOffset(),
      unsent: { operations: prepared.left, files: prepared.files, bytes: prepared.bytes },
      app_version: health.appVersion,
    },
    operations: prepared.operations.map(wire),
    ...(prepared.have ? { have: prepared.have } : {}),
  };
}

/** What the protocol mends by itself; any other refusal is thrown on. */
async function mend(store: Store, prepared: Prepared, error: ProblemError): Promise<Then> {
  const [first, ...others] = prepared.operations;
  switch (error.slug) {
    case "operation-gap":
    case "operation-mismatch":
      if (error.problem.last_seq === undefined) throw error;
      await store.renumber(error.problem.last_seq);
      return "again";
    case "cursor-expired":
    case "invalid-cursor":
      if (prepared.expired || prepared.cursor === null) throw error;
      await store.set({ expired: true });
      return "again";
    case "too-large":
      if (!first) throw error;
      if (others.length > 0) return "smaller";
      await store.giveUp(first, error.problem, nowWithOffset());
      return "again";
    default:
      throw error;
  }
}

async function outcomeOf(error: unknown, store: Store): Promise<Outcome> {
  if (error instanceof NotSignedIn) {
    await store.set({ signInNeeded: true });
    return { end: "sign-in" };
  }
  if (error instanceof Unreachable) return { end: "offline" };
  if (!(error instanceof ProblemError)) throw error;
  const wait = error.retryAfter === undefined ? {} : { retryAfterS: error.retryAfter };
  if (error.status >= 500 || error.slug === "") return { end: "offline", ...wait };
  return { end: "refused", error, ...wait };
}
