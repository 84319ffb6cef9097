import { createApi, NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import type { Id, SyncAnswer, SyncRequest, SyncTrigger } from "../../shared/types";
import { nowWithOffset } from "./clock";
import { networkClass } from "./network";
import { type Pending, wire } from "./outbox";
import type { Snapshot, Store } from "./store";

const AT_ONCE = 500;
const LOCK = "naryad-sync";
/** More rounds than an honest server can need in a row. */
const ROUNDS = 200;

/** How a sync ended. `offline`: no answer; `refused`: the server said no, and why. */
export type Outcome =
  | { end: "done" }
  | { end: "offline" }
  | { end: "sign-in" }
  | { end: "refused"; error: ProblemError };

const request = createApi("field");
let told = "";

/**
 * One sync, from the first request to the last page (R1). One at a time in all tabs and the service
 * worker: operations are numbered, and two senders would send them twice.
 */
export function sync(store: Store, trigger: SyncTrigger, appVersion: string): Promise<Outcome> {
  return navigator.locks.request(LOCK, () => run(store, trigger, appVersion));
}

async function run(store: Store, trigger: SyncTrigger, appVersion: string): Promise<Outcome> {
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const more = await exchange(store, trigger, appVersion);
      if (!more) return { end: "done" };
    }
    return { end: "done" };
  } catch (error) {
    if (error instanceof NotSignedIn) {
      await store.set({ signInNeeded: true });
      return { end: "sign-in" };
    }
    if (error instanceof Unreachable) return { end: "offline" };
    if (error instanceof ProblemError) {
      return error.status >= 500 || error.slug === "" ? { end: "offline" } : { end: "refused", error };
    }
    throw error;
  }
}

/** One request and its answer; true when another should follow at once. */
async function exchange(store: Store, trigger: SyncTrigger, appVersion: string): Promise<boolean> {
  const held = await store.read();
  const operations = held.outbox.length > 0 ? await store.outgoing(AT_ONCE) : [];
  try {
    const answer = await ask(held, operations, trigger, appVersion);
    if (answer === undefined) {
      await store.set({ syncedAt: Date.now(), signInNeeded: false });
      return false;
    }
    await store.take(answer, operations, Date.now());
    await store.set({ signInNeeded: false });
    return answer.more || held.outbox.length > operations.length;
  } catch (error) {
    if (error instanceof ProblemError && (await recover(store, held, error))) return true;
    throw error;
  }
}

/** Nothing to say: the idle poll. Anything to say, or to hear anew: a POST. */
async function ask(
  held: Snapshot,
  operations: readonly Pending[],
  trigger: SyncTrigger,
  appVersion: string,
): Promise<SyncAnswer | undefined> {
  const network = networkClass();
  const health = `${network} ${held.outbox.length} ${appVersion}`;
  const idle = operations.length === 0 && held.cursor !== null && !held.expired && health === told;
  if (idle) return request<SyncAnswer | undefined>("GET", "/v1/sync", { query: { cursor: held.cursor } });
  const body: SyncRequest = {
    cursor: held.expired ? null : held.cursor,
    device: {
      trigger,
      network,
      now: nowWithOffset(),
      unsent: { operations: held.outbox.length, files: 0, bytes: 0 },
      app_version: appVersion,
    },
    operations: operations.map(wire),
    ...(held.expired ? { have: versions(held) } : {}),
  };
  const answer = await request<SyncAnswer>("POST", "/v1/sync", { body });
  told = `${network} 0 ${appVersion}`;
  return answer;
}

/** Whether the refusal is one that the protocol mends by itself. */
async function recover(store: Store, held: Snapshot, error: ProblemError): Promise<boolean> {
  switch (error.slug) {
    case "operation-gap":
    case "operation-mismatch": {
      const lastSeq = error.problem.last_seq ?? 0;
      if (held.outbox[0]?.seq === lastSeq + 1) return false; // numbered so already: no use to repeat
      await store.renumber(lastSeq);
      return true;
    }
    case "cursor-expired":
    case "invalid-cursor":
      if (held.expired) return false;
      await store.set({ expired: true });
      return true;
    default:
      return false;
  }
}

function versions(held: Snapshot): Record<Id, number> {
  return Object.fromEntries(held.jobs.map((job) => [job.id, job.version]));
}
