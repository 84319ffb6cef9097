import type { SyncAnswer } from "../../shared/types";
import type { Transaction } from "./database";
import { takeIn } from "./held";
import type { Notice } from "./notice";

const NOTICES_KEPT = 500;

/**
 * Take in what is new, also while work waits to be sent. True when the answer holds a part of a job that is
 * not held: never seen, but then the phone has lost something and must ask for everything anew.
 */
export async function takeNews(tx: Transaction<"readwrite">, answer: SyncAnswer): Promise<boolean> {
  const jobs = tx.objectStore("jobs");
  const gone = tx.objectStore("gone");
  let unknown = false;
  for (const news of answer.jobs ?? []) {
    const job = takeIn(await jobs.get(news.id), news);
    if (job) {
      await jobs.put(job);
      await gone.delete(job.id);
    } else unknown = true;
  }
  for (const id of answer.removed ?? []) {
    const job = await jobs.get(id);
    if (job) await gone.put(job);
    await jobs.delete(id);
  }
  for (const template of answer.templates ?? []) await tx.objectStore("templates").put(template);
  return unknown;
}

/** Keep the newest notices; the server's history has everything that reached it. */
export async function keepNotices(tx: Transaction<"readwrite">, fresh: readonly Notice[]): Promise<void> {
  const notices = tx.objectStore("notices");
  for (const one of fresh) await notices.put(one);
  const oldest = fresh.length > 0 ? (await notices.getAllKeys()).slice(0, -NOTICES_KEPT) : [];
  for (const id of oldest) await notices.delete(id);
}

/** Forget jobs taken away that nothing speaks of any more. */
export async function sweep(tx: Transaction<"readwrite">): Promise<void> {
  const gone = await tx.objectStore("gone").getAllKeys();
  if (gone.length === 0) return;
  const [outbox, notices] = await Promise.all([
    tx.objectStore("outbox").getAll(),
    tx.objectStore("notices").getAll(),
  ]);
  const spokenOf = new Set([...outbox.map((one) => one.job_id), ...notices.map((one) => one.jobId)]);
  for (const id of gone) if (!spokenOf.has(id)) await tx.objectStore("gone").delete(id);
}
