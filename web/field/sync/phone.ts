import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Id } from "../../shared/types";
import type { Worker } from "./store";
import { uuid7 } from "./uuid7";

interface Schema extends DBSchema {
  worker: { key: "current"; value: Worker };
  /** A device id per worker: a device belongs to one worker only. */
  devices: { key: string; value: Id };
}

let opening: Promise<IDBPDatabase<Schema>> | undefined;

function open(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>("naryad", 1, {
    upgrade(fresh) {
      fresh.createObjectStore("worker");
      fresh.createObjectStore("devices");
    },
    terminated() {
      opening = undefined;
    },
  });
  return opening;
}

/** Who is signed in on this phone, if anyone. */
export async function currentWorker(): Promise<Worker | undefined> {
  return (await open()).get("worker", "current");
}

export async function setCurrentWorker(worker: Worker | undefined): Promise<void> {
  const db = await open();
  const tx = db.transaction("worker", "readwrite", { durability: "strict" });
  if (worker) await tx.store.put(worker, "current");
  else await tx.store.delete("current");
  await tx.done;
}

/** The id of this phone for a worker: made once, kept for good, so that numbering goes on. */
export async function deviceIdOf(login: string): Promise<Id> {
  const db = await open();
  const key = login.trim().toLowerCase();
  const tx = db.transaction("devices", "readwrite", { durability: "strict" });
  let id = await tx.store.get(key);
  if (!id) {
    id = uuid7();
    await tx.store.put(id, key);
  }
  await tx.done;
  return id;
}
