import { deleteDB } from "idb";
import type { Id, Intent, Job, Problem, SyncAnswer, Template } from "../../shared/types";
import type { HeldAttachment, HeldPhoto, Picture } from "../files/held-file";
import { bytesOf, unsentPhotos } from "../files/held-file";
import { keepPhoto, markRemoved, settleFiles } from "../files/settle";
import { UNREGISTERED } from "../push/registration";
import { type Database, type Facts, openDatabase, STORES, type Transaction } from "./database";
import { type Notice, noticesOf, refusal } from "./notice";
import { acknowledge, add, type Pending, renumber } from "./outbox";
import { keepNotices, sweep, takeNews } from "./receive";

/** What must not be lost is on the disk when the transaction is done. */
const DURABLE = { durability: "strict" } as const;

/** Everything one worker's phone knows. */
export interface Snapshot extends Facts {
  jobs: Job[];
  gone: Job[];
  templates: Template[];
  /** In the order of `seq`, which is the order the work was done in. */
  outbox: Pending[];
  notices: Notice[];
  photos: HeldPhoto[];
  attachments: HeldAttachment[];
}

/** What the next request is made of. */
export interface Prepared extends Facts {
  operations: Pending[];
  /** How many stay on the phone when these have been acknowledged. */
  left: number;
  /** Photos whose bytes still have to travel, and how many bytes that is. */
  files: number;
  bytes: number;
  /** Job → version held; only when the cursor has expired. */
  have?: Record<Id, number>;
}

const NOTHING: Facts = {
  cursor: null,
  expired: false,
  lastSeq: 0,
  policy: null,
  syncedAt: null,
  told: "",
  signInNeeded: false,
  link: null,
  photosNow: false,
  push: UNREGISTERED,
  askedToNotify: false,
  language: null,
};

/** Work was meant for a job that this phone does not have. */
export class JobNotHeld extends Error {}

/** The store of one worker on this phone. A second worker has another: work is never sent by the wrong hand. */
export class Store {
  private constructor(
    private readonly name: string,
    private db: Database,
  ) {}

  static async open(workerId: Id): Promise<Store> {
    const name = `naryad-${workerId}`;
    return new Store(name, await openDatabase(name));
  }

  close(): void {
    this.db.close();
  }

  async read(): Promise<Snapshot> {
    const tx = await this.begin("readonly");
    const [facts, jobs, gone, templates, outbox, notices, photos, attachments] = await Promise.all([
      readFacts(tx),
      tx.objectStore("jobs").getAll(),
      tx.objectStore("gone").getAll(),
      tx.objectStore("templates").getAll(),
      tx.objectStore("outbox").getAll(),
      tx.objectStore("notices").getAll(),
      tx.objectStore("photos").getAll(),
      tx.objectStore("attachments").getAll(),
    ]);
    return { ...facts, jobs, gone, templates, outbox, notices, photos, attachments };
  }

  async facts(): Promise<Facts> {
    return readFacts(await this.begin("readonly"));
  }

  async set(facts: Partial<Facts>): Promise<void> {
    const tx = await this.begin("readwrite");
    await writeFacts(tx, facts);
    await tx.done;
  }

  /**
   * Keep what the worker did, a photo with its bytes. It is safe when this returns.
   * Throws JobNotHeld, and QuotaExceededError: then nothing was kept.
   */
  async add(intent: Intent, jobId: Id, id: Id, happenedAt: string, picture?: Picture): Promise<void> {
    const tx = await this.begin("readwrite");
    try {
      const job = (await tx.objectStore("jobs").get(jobId)) ?? (await tx.objectStore("gone").get(jobId));
      if (!job) throw new JobNotHeld(jobId);
      const { lastSeq } = await readFacts(tx);
      const outbox = await tx.objectStore("outbox").getAll();
      const after = add(outbox, intent, { id, jobId, baseVersion: job.version, happenedAt, lastSeq });
      for (const one of after) if (!outbox.includes(one)) await tx.objectStore("outbox").put(one);
      if (picture) await keepPhoto(tx, jobId, picture);
      if (intent.type === "remove_photo") await markRemoved(tx, intent.photo_id);
    } catch (error) {
      abort(tx); // a part of it must not be kept
      throw error;
    }
    await tx.done;
  }

  /** What to send next, at most `most` operations. From now on they may have arrived, and stay as they are. */
  async prepare(most: number): Promise<Prepared> {
    const tx = await this.begin("readwrite");
    const facts = await readFacts(tx);
    const outbox = tx.objectStore("outbox");
    const left = (await outbox.count()) - most;
    const operations = most > 0 ? await outbox.getAll(undefined, most) : [];
    for (const one of operations) if (!one.sent) await outbox.put({ ...one, sent: true });
    const jobs = facts.expired ? await tx.objectStore("jobs").getAll() : undefined;
    const unsent = unsentPhotos(await tx.objectStore("photos").getAll());
    await tx.done;
    return {
      ...facts,
      operations,
      left: Math.max(0, left),
      files: unsent.length,
      bytes: bytesOf(unsent),
      ...(jobs ? { have: Object.fromEntries(jobs.map((job) => [job.id, job.version])) } : {}),
    };
  }

  /**
   * Take in an answer, in one transaction: what is acknowledged goes, what is new comes.
   * `told` is the health that the request carried. Answers how many operations are left, and whether the
   * answer spoke of a job that is not held: then everything is to be asked anew.
   */
  async take(
    answer: SyncAnswer,
    sent: readonly Pending[],
    told: string | undefined,
    now: number,
  ): Promise<{ left: number; expired: boolean }> {
    const tx = await this.begin("readwrite");
    const outbox = tx.objectStore("outbox");
    const held = await outbox.getAll();
    const left = new Set(acknowledge(held, answer.acknowledged, answer.results ?? []));
    for (const one of held) if (!left.has(one)) await outbox.delete(one.seq);
    await keepNotices(tx, noticesOf(answer.results ?? [], sent, answer.server_time));
    const expired = await takeNews(tx, answer);
    await settleFiles(tx, answer);
    await sweep(tx);
    await writeFacts(tx, {
      ...(expired ? {} : { cursor: answer.cursor }),
      expired,
      lastSeq: answer.acknowledged,
      syncedAt: now,
      signInNeeded: false,
      ...(told === undefined ? {} : { told }),
      ...(answer.policy ? { policy: answer.policy } : {}),
    });
    await tx.done;
    return { left: left.size, expired };
  }

  /** After a gap or a mismatch: number what is held from the server's last on, ids kept. */
  async renumber(lastSeq: number): Promise<void> {
    const tx = await this.begin("readwrite");
    await numberFrom(tx, lastSeq);
    await writeFacts(tx, { lastSeq });
    await tx.done;
  }

  /**
   * One operation that the server will not even read must not hold up the others: it becomes a notice,
   * and what follows is numbered anew, for the server never counted it.
   */
  async giveUp(operation: Pending, problem: Problem, at: string): Promise<void> {
    const tx = await this.begin("readwrite");
    await keepNotices(tx, [refusal(operation, problem, at)]);
    await tx.objectStore("outbox").delete(operation.seq);
    await settleFiles(tx);
    await numberFrom(tx, operation.seq - 1);
    await tx.done;
  }

  /** The worker has read a notice. */
  async dismiss(noticeId: Id): Promise<void> {
    const tx = await this.begin("readwrite");
    await tx.objectStore("notices").delete(noticeId);
    await settleFiles(tx);
    await sweep(tx);
    await tx.done;
  }

  /** Forget this worker's data, unless work or a photo waits to be sent: then false, and nothing is forgotten. */
  async forget(): Promise<boolean> {
    const tx = await this.begin("readonly");
    const waiting = (await tx.objectStore("outbox").count()) + (await tx.objectStore("photos").count());
    if (waiting > 0) return false;
    this.db.close();
    await deleteDB(this.name);
    return true;
  }

  /** A transaction; a connection that the browser has closed meanwhile is opened anew. */
  async begin<Mode extends "readonly" | "readwrite">(mode: Mode): Promise<Transaction<Mode>> {
    try {
      return this.db.transaction(STORES, mode, DURABLE);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      this.db = await openDatabase(this.name);
      return this.db.transaction(STORES, mode, DURABLE);
    }
  }
}

function abort(tx: Transaction<"readwrite">): void {
  tx.done.catch(() => undefined); // the caller is told of what it failed with
  try {
    tx.abort();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error; // it has ended
  }
}

async function readFacts(tx: Transaction<"readonly" | "readwrite">): Promise<Facts> {
  const facts = tx.objectStore("facts");
  const [keys, values] = await Promise.all([facts.getAllKeys(), facts.getAll()]);
  const kept = Object.fromEntries(keys.map((key, place) => [key, values[place]])) as Partial<Facts>;
  return { ...NOTHING, ...kept };
}

async function writeFacts(tx: Transaction<"readwrite">, facts: Partial<Facts>): Promise<void> {
  const store = tx.objectStore("facts");
  for (const [key, value] of Object.entries(facts)) {
    await store.put(value as Facts[keyof Facts], key as keyof Facts);
  }
}

async function numberFrom(tx: Transaction<"readwrite">, lastSeq: number): Promise<void> {
  const outbox = tx.objectStore("outbox");
  const held = await outbox.getAll();
  await outbox.clear();
  for (const one of renumber(held, lastSeq)) await outbox.put(one);
}
