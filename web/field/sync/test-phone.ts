import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { sha256 } from "../../shared/sha256";
import type { Intent, Values } from "../../shared/types";
import { exchange, type Health, type Outcome } from "./engine";
import { type Fate, ModelServer } from "./model-server";
import type { Pending } from "./outbox";
import { Store } from "./store";
import { uuid7 } from "./uuid7";

export const HEALTH: Health = { network: "fast", appVersion: "1", doubtful: false };
export const START: Intent = { type: "set_state", state: "started" };

export function fill(fields: Values): Intent {
  return { type: "set_report", fields };
}

/** These in turn; then everything arrives. */
export function inTurn(...fates: Fate[]): () => Fate {
  return () => fates.shift() ?? "arrives";
}

/** A phone on a fresh disk, with a server that holds one job. */
export class TestPhone {
  readonly server = new ModelServer();
  store!: Store;

  static async unpack(): Promise<TestPhone> {
    vi.stubGlobal("indexedDB", new IDBFactory());
    vi.stubGlobal("navigator", {});
    const phone = new TestPhone();
    phone.server.put("job", { description: "old" });
    phone.store = await Store.open("ivan");
    return phone;
  }

  sync(over: Partial<Health> = {}): Promise<Outcome> {
    return exchange(this.store, this.server.request, "manual", { ...HEALTH, ...over });
  }

  /** Takes a photo of so many bytes; answers its id. */
  async photograph(size: number, seed = 1, job = "job"): Promise<string> {
    const bytes = new Blob([Uint8Array.from({ length: size }, (_, n) => (n * seed + n / 251) & 0xff)]);
    const photo = {
      id: uuid7(),
      field: "before",
      sha256: await sha256(bytes),
      size,
      media_type: "image/jpeg",
    };
    const thumbnail = new Blob(["small"]);
    await this.store.add({ type: "add_photo", photo }, job, uuid7(), "2026-11-24T10:00:00.000+03:00", {
      photo,
      bytes,
      thumbnail,
    });
    return photo.id;
  }

  /** Does some work; answers the operation's id. */
  async work(intent: Intent, job = "job"): Promise<string> {
    const id = uuid7();
    await this.store.add(intent, job, id, "2026-11-24T10:00:00.000+03:00");
    return id;
  }

  async outbox(): Promise<Pending[]> {
    return (await this.store.read()).outbox;
  }
}
