import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Account, Id, Intent, Job, Policy, SyncAnswer, Template, User } from "../../shared/types";
import { takeIn } from "./held";
import { type Notice, noticesOf } from "./notice";
import { acknowledge, add, type Pending, renumber } from "./outbox";

/** Who is signed in on this phone; survives a lost cookie, so that work goes on and is sent later. */
export interface Worker {
  login: string;
  user: User;
  account: Account;
  deviceId: Id;
}

interface Facts {
  cursor: string | null;
  /** The cursor has expired: the next sync says what is held and asks for differences. */
  expired: boolean;
  lastSeq: number;
  policy: Policy | null;
  /** When the server last answered, and when the phone last told how it is. */
  syncedAt: number | null;
  signInNeeded: boolean;
}

interface Schema extends DBSchema {
  facts: { key: keyof Facts; value: Facts[keyof Facts] };
  jobs: { key: Id; value: Job };
  templates: { key: Id; value: Template };
  outbox: { key: number; value: Pending };
  notices: { key: Id; value: Notice };
}

const STORES = ["facts", "jobs", "templates", "outbox", "notices"] as const;
const DURABLE = { durability: "strict" } as const;

/** Everything one worker's phone knows. */
export interface Snapshot extends Facts {
  jobs: Job[];
  templates: Template[];
  outbox: Pending[];
  notices: Notice[];
}

const NOTHING: Facts = {
  cursor: null,
  expired: false,
  lastSeq: 0,
  policy: null,
  syncedAt: null,
  signInNeeded: false,
};

/** The store of one worker on this phone. A second worker has another: work is never sent by the wrong hand. */
export class Store {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(userId: Id): Promise<Store> {
    const db = await openDB<Schema>(`naryad-${userId}`, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("facts");
        fresh.createObjectStore("jobs", { keyPath: "id" });
        fresh.createObjectStore("templates", { keyPath: "id" });
        fresh.createObjectStore("outbox", { keyPath: "seq" });
        fresh.createObjectStore("notices", { keyPath: "id" });
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
      },
    });
    return new Store(db);
  }

  close(): void {
    this.db.close();
  }

  async read(): Promise<Snapshot> {
    const tx = this.db.transaction(STORES);
    const [keys, values, jobs, templates, outbox, notices] = await Promise.all([
      tx.objectStore("facts").getAllKeys(),
      tx.objectStore("facts").getAll(),
      tx.objectStore("jobs").getAll(),
      tx.objectStore("templates").getAll(),
      tx.objectStore("outbox").getAll(),
      tx.objectStore("notices").getAll(),
    ]);
    const facts = Object.fromEntries(keys.map((key, place) => [key, values[place]]));
    return { ...NOTHING, ...(facts as Partial<Facts>), jobs, templates, outbox, notices };
  }

  async set(facts: Partial<Facts>): Promise<void> {
    const tx = this.db.transaction("facts", "readwrite", DURABLE);
    for (const [key, value] of Object.entries(facts)) {
      await tx.store.put(value as Facts[keyof Facts], key as keyof Facts);
    }
    await tx.done;
  }

  /** Keep what the worker did. It is safe when this returns. */
  async add(intent: Intent, jobId: Id, id: Id, happenedAt: string): Promise<void> {
    const tx = this.db.transaction(["outbox", "facts", "jobs"], "readwrite", DURABLE);
    const outbox = await tx.objectStore("outbox").getAll();
    const lastSeq = ((await tx.objectStore("facts").get("lastSeq")) as number | undefined) ?? 0;
    const job = await tx.objectStore("jobs").get(jobId);
    if (!job) throw new Error("The job is no longer on this phone.");
    const after = add(outbox, intent, { id, jobId, baseVersion: job.version, happenedAt, lastSeq });
    for (const one of after) if (!outbox.includes(one)) await tx.objectStore("outbox").put(one);
    await tx.done;
  }

  /** The next operations to travel. From now on they may have arrived, and stay as they are. */
  async outgoing(most: number): Promise<Pending[]> {
    const tx = this.db.transaction("outbox", "readwrite", DURABLE);
    const operations = (await tx.store.getAll(undefined, most)).map((one) => ({ ...one, sent: true }));
    for (const one of operations) await tx.store.put(one);
    await tx.done;
    return operations;
  }

  /** Take in an answer, in one transaction: what is acknowledged goes, what is new comes. */
  async take(answer: SyncAnswer, sent: readonly Pending[], now: number): Promise<void> {
    const tx = this.db.transaction(STORES, "readwrite", DURABLE);
    const results = answer.results ?? [];
    const outbox = tx.objectStore("outbox");
    const held = await outbox.getAll();
    const left = new Set(acknowledge(held, answer.acknowledged, results));
    for (const one of held) if (!left.has(one)) await outbox.delete(one.seq);
    for (const notice of noticesOf(results, sent, answer.server_time)) {
      await tx.objectStore("notices").put(notice);
    }
    const jobs = tx.objectStore("jobs");
    for (const news of answer.jobs ?? []) {
      const job = takeIn(await jobs.get(news.id), news);
      if (job) await jobs.put(job);
    }
    for (const id of answer.removed ?? []) await jobs.delete(id);
    for (const template of answer.templates ?? []) await tx.objectStore("templates").put(template);
    const facts = tx.objectStore("facts");
    await facts.put(answer.cursor, "cursor");
    await facts.put(false, "expired");
    await facts.put(answer.acknowledged, "lastSeq");
    await facts.put(now, "syncedAt");
    if (answer.policy) await facts.put(answer.policy, "policy");
    await tx.done;
  }

  /** After a gap or a mismatch: number what is held from the server's last on, ids kept. */
  async renumber(lastSeq: number): Promise<void> {
    const tx = this.db.transaction(["outbox", "facts"], "readwrite", DURABLE);
    const outbox = tx.objectStore("outbox");
    const held = await outbox.getAll();
    await outbox.clear();
    for (const one of renumber(held, lastSeq)) await outbox.put(one);
    await tx.objectStore("facts").put(lastSeq, "lastSeq");
    await tx.done;
  }

  async dismiss(noticeId: Id): Promise<void> {
    await this.db.delete("notices", noticeId);
  }
}
