import type { Id, Job, SyncAnswer } from "../../shared/types";
import type { Transaction } from "../sync/database";
import { AT_ONCE } from "../sync/policy";
import { attachmentOf, type HeldPhoto, type Picture } from "./held-file";

type Writing = Transaction<"readwrite">;

/** A photo with its bytes, in the transaction of its operation: neither is ever there without the other. */
export async function keepPhoto(tx: Writing, jobId: Id, { photo, bytes, thumbnail }: Picture): Promise<void> {
  const { id, field, sha256, size, media_type: mediaType, taken_at } = photo;
  await tx.objectStore("photos").put({
    id,
    jobId,
    field,
    sha256,
    size,
    mediaType,
    attempts: AT_ONCE,
    ...(taken_at ? { takenAt: taken_at } : {}),
  });
  await tx.objectStore("bytes").put(bytes, [id, 0]);
  await tx.objectStore("thumbnails").put({ jobId, picture: thumbnail }, id);
}

export async function markRemoved(tx: Writing, photoId: Id): Promise<void> {
  const held = await tx.objectStore("photos").get(photoId);
  if (held) await tx.objectStore("photos").put({ ...held, removed: true });
}

/**
 * After the phone has heard something: which files it still has to send, to fetch and to keep.
 *
 * The bytes of a photo go only when the server has said `available` for their hash, when the photo was removed
 * (here or elsewhere), or, for a job that is no longer here, when every byte was acknowledged.
 */
export async function settleFiles(tx: Writing, answer?: SyncAnswer): Promise<void> {
  const jobs = new Map((await tx.objectStore("jobs").getAll()).map((job) => [job.id, job]));
  const photos = tx.objectStore("photos");
  const around = await readAround(tx, answer);
  let waiting = 0;
  for (const held of await photos.getAll()) {
    const after = settled(held, jobs.get(held.jobId), around);
    if (!after) await forgetFile(tx, "photos", held.id);
    else if (after !== held) await photos.put(after);
    if (after && !after.refused) waiting += 1;
  }
  if (waiting === 0) await tx.objectStore("facts").delete("photosNow");
  await settleAttachments(tx, jobs);
  await forgetThumbnails(tx, jobs);
}

/** What the outbox, the notices and the news say of photos. */
interface Around {
  adding: ReadonlySet<Id>;
  removing: ReadonlySet<Id>;
  rejected: ReadonlySet<Id>;
  /** Removed at the server, by another phone of this worker. */
  gone: ReadonlySet<Id>;
  /** Whose bytes the server says it could not keep, and why. */
  failed: ReadonlyMap<Id, string>;
}

function settled(held: HeldPhoto, job: Job | undefined, around: Around): HeldPhoto | undefined {
  if (around.adding.has(held.id)) return held;
  if (held.removed && around.removing.has(held.id)) return held;
  if (around.gone.has(held.id)) return undefined;
  if (held.refused) return held;
  if (around.rejected.has(held.id)) return { ...held, refused: true };
  if (!job) return held.removed || held.sentAt !== undefined ? undefined : held;
  const record = job.photos?.find((one) => one.id === held.id);
  if (!record)
    return held.removed ? undefined : { ...held, refused: true, trouble: { slug: "photo-unknown" } };
  if (record.state === "available" && record.sha256 === held.sha256) return undefined;
  const { removed: _, ...photo } = held; // still there: the removal was refused
  const reason = around.failed.get(held.id);
  if (reason !== undefined) {
    const { sentAt: __, upload: ___, ...anew } = photo; // what was sent of it is worth nothing
    return { ...anew, trouble: { slug: reason }, ...(reason === "lost" ? { attempts: AT_ONCE } : {}) };
  }
  return held.removed ? photo : held;
}

async function readAround(tx: Writing, answer: SyncAnswer | undefined): Promise<Around> {
  const outbox = await tx.objectStore("outbox").getAll();
  const notices = await tx.objectStore("notices").getAll();
  const news = (answer?.jobs ?? []).flatMap((job) => job.photos ?? []);
  return {
    adding: new Set(outbox.flatMap((one) => (one.type === "add_photo" ? [one.photo.id] : []))),
    removing: new Set(outbox.flatMap((one) => (one.type === "remove_photo" ? [one.photo_id] : []))),
    rejected: new Set(
      notices.flatMap(({ kind, operation }) =>
        kind === "rejected" && operation.type === "add_photo" ? [operation.photo.id] : [],
      ),
    ),
    gone: new Set(news.flatMap((one) => ("removed" in one ? [one.id] : []))),
    failed: new Map(
      news.flatMap((one) =>
        "state" in one && one.state === "failed" ? [[one.id, one.reason ?? "failed"]] : [],
      ),
    ),
  };
}

/** Attachments come and go with their jobs; another content under the same id is another file. */
async function settleAttachments(tx: Writing, jobs: ReadonlyMap<Id, Job>): Promise<void> {
  const store = tx.objectStore("attachments");
  const held = new Map((await store.getAll()).map((one) => [one.id, one]));
  const named = new Map(
    [...jobs.values()].flatMap((job) =>
      (job.attachments ?? []).map((one) => [one.id, { job, one }] as const),
    ),
  );
  for (const { id, sha256 } of held.values()) {
    if (named.get(id)?.one.sha256 === sha256) continue;
    await forgetFile(tx, "attachments", id);
    held.delete(id);
  }
  for (const { job, one } of named.values()) {
    if (!held.has(one.id)) await store.put(attachmentOf(job.id, one, AT_ONCE));
  }
}

async function forgetThumbnails(tx: Writing, jobs: ReadonlyMap<Id, Job>): Promise<void> {
  const store = tx.objectStore("thumbnails");
  const photos = new Set(await tx.objectStore("photos").getAllKeys());
  for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
    if (!photos.has(cursor.key) && !jobs.has(cursor.value.jobId)) await cursor.delete();
  }
}

/** A file with all its bytes. */
export async function forgetFile(tx: Writing, store: "photos" | "attachments", id: Id): Promise<void> {
  await tx.objectStore(store).delete(id);
  await tx.objectStore("bytes").delete(IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]));
}
