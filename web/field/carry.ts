import { signal } from "@preact/signals";
import type { Id } from "../shared/types";
import type { LaneEnd, Progress } from "./files/lane";
import { moveFilesAlone } from "./files/moving";
import { Shelf } from "./files/shelf";
import { changed, openStore, phone, sayMoving } from "./phone";
import { browserConnection } from "./sync/link";
import type { Network } from "./sync/network";
import { DEFAULT_POLICY } from "./sync/policy";
import { link } from "./sync/sync";

/** The network as the lane sees it now. */
export const network = signal<Network>("fast");

let stop = new AbortController();
let running: Promise<void> | undefined;
let again = false;

/** Let files move, in this page, until none may; `after` each run. Called after every sync that worked. */
export function carryFiles(after: (end: LaneEnd) => void): void {
  again = true;
  running ??= carryWhileWanted(after).finally(() => {
    running = undefined;
  });
}

async function carryWhileWanted(after: (end: LaneEnd) => void): Promise<void> {
  while (again) {
    again = false;
    stop = new AbortController();
    try {
      const end = await moveFilesAlone(openStore(), tell, stop.signal);
      if (end) after(end);
    } catch (error) {
      if (!stop.signal.aborted) console.error(error); // the next sync tries again
    }
    sayMoving(null);
    lookAtNetwork();
    await changed();
  }
}

function tell(progress: Progress | null): void {
  sayMoving(progress);
  if (progress === null) void changed();
  lookAtNetwork();
}

/** What is on its way stops; nothing is lost, the next run goes on. */
export async function stopFiles(): Promise<void> {
  again = false;
  stop.abort();
  await running;
}

export function lookAtNetwork(): void {
  link.adopt(phone.value?.link ?? null);
  network.value = link.network(phone.value?.policy ?? DEFAULT_POLICY);
}

/** The browser reports another network: on a slow one files stop (R7); on a faster one `wake` syncs (R8). */
export function watchNetwork(wake: () => void): void {
  browserConnection()?.addEventListener("change", () => {
    const before = network.value;
    lookAtNetwork();
    if (network.value === "fast" && before === "slow") wake();
    else if (network.value !== "fast" && !phone.value?.photosNow) void stopFiles();
  });
}

/** "Send photos now": on a slow network too, until none waits. */
export async function wantPhotosNow(): Promise<void> {
  await openStore().set({ photosNow: true });
  await forgetDelays();
}

/** "Download now": this attachment on a slow network too. */
export async function wantAttachmentNow(id: Id): Promise<void> {
  await shelf().setAttachment(id, (held) => ({ ...held, wanted: true }));
  await wantRetry(id);
}

/** Try this file again, without waiting any longer. */
export async function wantRetry(id: Id): Promise<void> {
  await shelf().retry(id, link.now());
  await changed();
}

/** The worker gives up a photo that the server will not have. */
export async function discard(id: Id): Promise<void> {
  await shelf().discard(id);
  await changed();
}

/** A network is there again: what failed before says nothing now. */
export async function forgetDelays(): Promise<void> {
  await shelf().retryAll(link.now());
  await changed();
}

export function shelf(): Shelf {
  return new Shelf(openStore());
}
