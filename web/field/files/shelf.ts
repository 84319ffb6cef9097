import type { Id } from "../../shared/types";
import type { Schema } from "../sync/database";
import { asked, failed } from "../sync/policy";
import type { Store } from "../sync/store";
import type { HeldAttachment, HeldPhoto, Trouble } from "./held-file";
import { forgetFile } from "./settle";

/** The files of a phone, as the lane moves them. Whatever was forgotten meanwhile stays forgotten. */
export class Shelf {
  constructor(private readonly store: Store) {}

  async read() {
    const tx = await this.store.begin("readonly");
    const [photos, attachments, outbox] = await Promise.all([
      tx.objectStore("photos").getAll(),
      tx.objectStore("attachments").getAll(),
      tx.objectStore("outbox").getAll(),
    ]);
    return { photos, attachments, outbox };
  }

  /** The bytes that are here, in one. */
  async bytes(id: Id, mediaType = ""): Promise<Blob> {
    const tx = await this.store.begin("readonly");
    const pieces = await tx.objectStore("bytes").getAll(bytesOf(id));
    return new Blob(pieces, { type: mediaType });
  }

  async thumbnail(id: Id): Promise<Blob | undefined> {
    const tx = await this.store.begin("readonly");
    return (await tx.objectStore("thumbnails").get(id))?.picture;
  }

  /** Throws QuotaExceededError when the phone has no room for the piece. */
  async addPiece(id: Id, place: number, piece: Blob, etag: string | undefined): Promise<void> {
    const tx = await this.store.begin("readwrite");
    const held = await tx.objectStore("attachments").get(id);
    if (held) {
      const { etag: _, ...file } = held;
      if (place === 0) await tx.objectStore("bytes").delete(bytesOf(id));
      await tx.objectStore("bytes").put(piece, [id, place]);
      const received = place + piece.size;
      await tx.objectStore("attachments").put({ ...file, received, ...(etag ? { etag } : {}) });
    }
    await tx.done;
  }

  /** What came is damaged: all of it goes. */
  async dropPieces(id: Id): Promise<void> {
    const tx = await this.store.begin("readwrite");
    const held = await tx.objectStore("attachments").get(id);
    await tx.objectStore("bytes").delete(bytesOf(id));
    if (held) await tx.objectStore("attachments").put({ ...held, received: 0 });
    await tx.done;
  }

  setPhoto(id: Id, set: (held: HeldPhoto) => HeldPhoto): Promise<void> {
    return this.change("photos", id, set);
  }

  setAttachment(id: Id, set: (held: HeldAttachment) => HeldAttachment): Promise<void> {
    return this.change("attachments", id, set);
  }

  /** It did not work: wait longer each time, never less than the server asks for. */
  async delay(
    id: Id,
    trouble: Trouble,
    mostS: number,
    now: number,
    chance: number,
    leastS = 0,
  ): Promise<void> {
    const set = <File extends HeldPhoto | HeldAttachment>(held: File): File => ({
      ...held,
      trouble,
      attempts: failed(held.attempts, mostS, now, chance, leastS),
    });
    await this.change("photos", id, set);
    await this.change("attachments", id, set);
  }

  /** Not before then by itself; the worker may ask for it sooner. */
  async rest(id: Id, dueAt: number): Promise<void> {
    await this.setPhoto(id, (held) => ({ ...held, attempts: { ...held.attempts, dueAt } }));
  }

  /** The worker wants this file to be tried again; a server that asked for peace is left in peace. */
  async retry(id: Id, now: number): Promise<void> {
    const set = <File extends HeldPhoto | HeldAttachment>(held: File): File => ({
      ...held,
      attempts: asked({ ...held.attempts, failures: 0 }, now),
    });
    await this.change("photos", id, set);
    await this.change("attachments", id, set);
  }

  /** Another network: what failed on the last one says nothing now. */
  async retryAll(now: number): Promise<void> {
    const { photos, attachments } = await this.read();
    const delayed = [...photos, ...attachments].filter((one) => one.attempts.failures > 0);
    for (const { id } of delayed) await this.retry(id, now);
  }

  /** A photo that the server will not have, and the worker no longer wants. */
  async discard(id: Id): Promise<void> {
    const tx = await this.store.begin("readwrite");
    const held = await tx.objectStore("photos").get(id);
    if (held?.refused) await forgetFile(tx, "photos", id);
    await tx.done;
  }

  private async change<Name extends "photos" | "attachments">(
    name: Name,
    id: Id,
    set: (held: Schema[Name]["value"]) => Schema[Name]["value"],
  ): Promise<void> {
    const tx = await this.store.begin("readwrite");
    const store = tx.objectStore(name);
    const held = await store.get(id);
    if (held) await store.put(set(held));
    await tx.done;
  }
}

function bytesOf(id: Id): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);
}
