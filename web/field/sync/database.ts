import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Language } from "../../shared/i18n";
import type { Id, Job, Policy, Template } from "../../shared/types";
import type { HeldAttachment, HeldPhoto } from "../files/held-file";
import type { HeldPush } from "../push/registration";
import type { KeptLink } from "./link";
import type { Notice } from "./notice";
import type { Pending } from "./outbox";

/** What a phone knows beside its lists. */
export interface Facts {
  cursor: string | null;
  /** The cursor is worth nothing: the next sync says what is held and asks for differences. */
  expired: boolean;
  /** The last number that the server acknowledged. */
  lastSeq: number;
  policy: Policy | null;
  /** When the server last answered a sync, by the phone's clock. */
  syncedAt: number | null;
  /** The health that the server was last told, as one text. */
  told: string;
  signInNeeded: boolean;
  /** What was last measured of the link. */
  link: KeptLink | null;
  /** "Send photos now": on a slow network too, until none waits. */
  photosNow: boolean;
  push: HeldPush;
  /** The worker was asked about notifications, and need not be asked again on the list of jobs. */
  askedToNotify: boolean;
  /** The app's language, for the service worker; null: the browser's. */
  language: Language | null;
}

export interface Schema extends DBSchema {
  facts: { key: keyof Facts; value: Facts[keyof Facts] };
  jobs: { key: Id; value: Job };
  /** Taken away, but unsent work or an unread notice still speaks of them. */
  gone: { key: Id; value: Job };
  templates: { key: Id; value: Template };
  outbox: { key: number; value: Pending };
  /** By the operation they are about: UUIDv7, so the oldest come first. */
  notices: { key: Id; value: Notice };
  photos: { key: Id; value: HeldPhoto };
  attachments: { key: Id; value: HeldAttachment };
  /** Of photos whole, at place 0; of attachments piece by piece. */
  bytes: { key: [file: Id, place: number]; value: Blob };
  /** Of photos taken here; they stay as long as their job. */
  thumbnails: { key: Id; value: { jobId: Id; picture: Blob } };
}

export type Database = IDBPDatabase<Schema>;

export const STORES = [
  "facts",
  "jobs",
  "gone",
  "templates",
  "outbox",
  "notices",
  "photos",
  "attachments",
  "bytes",
  "thumbnails",
] as const;
/** Always over all stores: what belongs together changes together. */
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, typeof STORES, Mode>;

const VERSION = 3;

export function openDatabase(name: string): Promise<Database> {
  return openDB<Schema>(name, VERSION, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore("facts");
        db.createObjectStore("jobs", { keyPath: "id" });
        db.createObjectStore("templates", { keyPath: "id" });
        db.createObjectStore("outbox", { keyPath: "seq" });
        db.createObjectStore("notices", { keyPath: "id" });
      }
      if (before < 2) db.createObjectStore("gone", { keyPath: "id" });
      if (before < 3) {
        db.createObjectStore("photos", { keyPath: "id" });
        db.createObjectStore("attachments", { keyPath: "id" });
        db.createObjectStore("bytes");
        db.createObjectStore("thumbnails");
      }
    },
    /** A newer version of the app wants in: it waits for nobody. */
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
}
