import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Account, Id, User } from "../../shared/types";
import { uuid7 } from "./uuid7";

/** Who is signed in on this phone; survives a lost cookie, so that work goes on and is sent later. */
export interface Worker {
  login: string;
  user: User;
  account: Account;
  deviceId: Id;
}

interface Schema extends DBSchema {
  worker: { key: "current"; value: Worker };
  /** A device id per worker: a device belongs to one worker only. */
  devices: { key: string; value: Id };
}

/** Who is signed in on this phone, if anyone. */
export async function currentWorker(): Promise<Worker | undefined> {
  return using((db) => db.get("worker", "current"));
}

export async function setCurrentWorker(worker: Worker | undefined): Promise<void> {
  await using(async (db) => {
    const tx = db.transaction("worker", "readwrite", { durability: "strict" });
    if (worker) await tx.store.put(worker, "current");
    else await tx.store.delete("current");
    await tx.done;
  });
}

/** The id of this phone for a worker: made once, kept for good, so that numbering goes on. */
export async function deviceIdOf(login: string): Promise<Id> {
  return using(async (db) => {
    const tx = db.transaction("devices", "readwrite", { durability: "strict" });
    const id = (await tx.store.get(keyOf(login))) ?? uuid7();
    await tx.store.put(id, keyOf(login));
    await tx.done;
    return id;
  });
}

/** The login has gone to another person: their phone is another device. */
export async function forgetDeviceOf(login: string): Promise<void> {
  await using((db) => db.delete("devices", keyOf(login)));
}

function keyOf(login: string): string {
  return login.trim().toLowerCase();
}

async function using<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  const db = await openDB<Schema>("naryad", 1, {
    upgrade(fresh) {
      fresh.createObjectStore("worker");
      fresh.createObjectStore("devices");
    },
  });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}
