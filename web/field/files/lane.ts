import { NotSignedIn, ProblemError, Unreachable } from "../../shared/api";
import { sha256 } from "../../shared/sha256";
import { type Fetch, TooSlow, Tus, UploadGone } from "../../shared/tus";
import type { Id, Policy } from "../../shared/types";
import type { Link } from "../sync/link";
import { DEFAULT_POLICY, nextAt } from "../sync/policy";
import type { Store } from "../sync/store";
import { isPhoto } from "./held-file";
import { Damaged, NoRoom, receive } from "./receiving";
import { isOutOfRoom } from "./room";
import { BytesLost, send } from "./sending";
import { Shelf } from "./shelf";
import { isDue, isOpen, type ToMove, toMove } from "./waiting";

const LAST_RETRY_S = 600;
/** What only people can change: tried again after a day, or when the worker asks. */
const FOR_LONG = new Set(["too-large", "quota-exceeded"]);
const DAY_S = 86_400;
/** So many files in a row without an answer: it is the network, not the files. */
const LOST_IN_A_ROW = 2;
/** The next sync finds out whether it is still gone, and backs off by itself. */
const SOON_S = 10;
/** Something of the app's own, fetched anew to learn how the link is before a photo is trusted to it. */
const SAMPLE = "/app/icon-512.png";
const SAMPLE_MS = 15_000;

/** How much of a file has moved. */
export interface Progress {
  id: Id;
  done: number;
  size: number;
}

/** Hears of bytes that moved, and by null that the store knows something new. */
export type Told = (progress: Progress | null) => void;

/** How a run of the lane ended. */
export interface LaneEnd {
  end: "rest" | "slow" | "offline" | "sign-in";
  /** Photos whose last byte was acknowledged: the next sync brings `available`. */
  sent: number;
  /** When the first file that had to wait may be tried again, in seconds. */
  dueAt?: number;
}

/** What a file's move needs beside the file. */
export interface Lane {
  shelf: Shelf;
  link: Link;
  policy: Policy;
  fetch: Fetch;
  tus: Tus;
  /** Milliseconds of a steady clock. */
  clock: () => number;
  told: Told;
  stop: AbortSignal;
}

/** What tests put in the place of the browser's. */
export interface Around {
  fetch: Fetch;
  clock: () => number;
}

const BROWSER: Around = { fetch: (...request) => fetch(...request), clock: () => performance.now() };

/**
 * The second lane: files move, one at a time, while the network carries them (R3, R7, R8). It is run after a
 * sync, and ends when nothing may move. A file that fails waits by itself; it does not hold up the others.
 * Everything it knows is in the store: killed at any moment, the next run goes on where the server is.
 */
export async function moveFiles(
  store: Store,
  link: Link,
  told: Told,
  stop: AbortSignal,
  around: Around = BROWSER,
): Promise<LaneEnd> {
  const shelf = new Shelf(store);
  const tus = new Tus("field", around.fetch, around.clock);
  let [sent, lost, sampled] = [0, 0, false];
  for (;;) {
    stop.throwIfAborted();
    const { policy, photosNow, link: kept } = await store.facts();
    const lane: Lane = { shelf, link, policy: policy ?? DEFAULT_POLICY, tus, told, stop, ...around };
    link.adopt(kept);
    const all = toMove(await shelf.read(), photosNow);
    if (link.told === "offline") return { end: "offline", sent };
    if (!sampled && needsSample(all, lane)) {
      sampled = true;
      if (!(await sample(lane))) return { end: "offline", sent };
      await store.set({ link: link.kept() });
    }
    const open = isOpen(link.network(lane.policy), lane.policy);
    const may = all.filter((one) => open || one.anyway);
    const next = may.find((one) => isDue(one, link.now()));
    if (!next) return { end: may.length < all.length ? "slow" : "rest", sent, ...firstDue(may) };
    if (lost >= LOST_IN_A_ROW) return { end: "offline", sent, dueAt: link.now() + SOON_S };
    try {
      if (await move(lane, next)) sent += 1;
      lost = 0;
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof NotSignedIn) {
        await store.set({ signInNeeded: true });
        return { end: "sign-in", sent };
      }
      await setBack(lane, next, error);
      lost = error instanceof Unreachable ? lost + 1 : 0;
    }
    await store.set({ link: link.kept() });
    told(null);
  }
}

function firstDue(files: readonly ToMove[]): { dueAt?: number } {
  return files.length > 0 ? { dueAt: Math.min(...files.map(({ file }) => nextAt(file.attempts))) } : {};
}

/** True when a photo's last byte was acknowledged. */
async function move(lane: Lane, { file, anyway }: ToMove): Promise<boolean> {
  if (isPhoto(file)) return send(lane, file, anyway);
  await receive(lane, file, anyway);
  return false;
}

/** A link that the browser calls slow is not measured: nothing would come of it. */
function needsSample(all: readonly ToMove[], { link, policy }: Lane): boolean {
  const due = all.some((one) => !one.anyway && isDue(one, link.now()));
  return due && policy.files_on === "fast" && link.told === "fast";
}

/** Measures the link on some bytes that are nobody's. False when there is none. */
async function sample({ fetch, clock, link, stop }: Lane): Promise<boolean> {
  const late = AbortSignal.timeout(SAMPLE_MS);
  try {
    const response = await fetch(`${SAMPLE}?link=${Date.now()}`, {
      cache: "no-store",
      signal: AbortSignal.any([late, stop]),
    });
    const began = clock();
    const { byteLength } = await response.arrayBuffer();
    if (response.ok) link.tried(byteLength, (clock() - began) / 1000);
  } catch {
    stop.throwIfAborted();
    if (!late.aborted) return false;
    link.triedInVain();
  }
  return true;
}

/** Why it did not move, and when it may again. Throws what is nobody's fault but ours. */
async function setBack(
  { shelf, link, policy }: Lane,
  { file, anyway }: ToMove,
  error: unknown,
): Promise<void> {
  const { id } = file;
  const delay = (slug: string, most = LAST_RETRY_S, least = 0, detail?: string) =>
    shelf.delay(id, { slug, ...(detail ? { detail } : {}) }, most, link.now(), Math.random(), least);
  const damagedHere = async () => (await sha256(await shelf.bytes(id))) !== file.sha256;
  if (error instanceof TooSlow) {
    link.triedInVain(); // the network's fault, not the file's: the next sync on a fast one goes on
    if (anyway || policy.files_on === "any") await delay("offline", policy.interval_s);
  } else if (error instanceof BytesLost || (isMismatch(error) && (await damagedHere()))) {
    await shelf.setPhoto(id, (photo) => ({ ...photo, refused: true, trouble: { slug: "bytes-lost" } }));
  } else if (error instanceof UploadGone) {
    await shelf.setPhoto(id, ({ upload: _, sentAt: __, ...photo }) => photo);
    await delay(error.slug);
  } else if (error instanceof Damaged) {
    await shelf.dropPieces(id);
    await delay("checksum-mismatch");
  } else if (error instanceof Unreachable) {
    await delay("offline", policy.interval_s);
  } else if (error instanceof ProblemError) {
    if (error.status === 416) await shelf.dropPieces(id);
    await delay(error.slug || `http-${error.status}`, LAST_RETRY_S, error.retryAfter, error.message);
    if (FOR_LONG.has(error.slug)) await shelf.rest(id, link.now() + DAY_S);
  } else if (error instanceof NoRoom || isOutOfRoom(error)) {
    await delay("no-space");
  } else throw error;
}

function isMismatch(error: unknown): boolean {
  return error instanceof UploadGone && error.slug === "checksum-mismatch";
}
