import type { Store } from "../sync/store";
import { link } from "../sync/sync";
import { type LaneEnd, moveFiles, type Told } from "./lane";

const LOCK = "naryad-files";

/**
 * One lane at a time in all tabs and the service worker: one waits for the other, or, with `ifFree`, leaves the
 * files to it (undefined). Its lock is another one than the sync's: an operation never waits for a file.
 */
export function moveFilesAlone(
  store: Store,
  told: Told,
  stop: AbortSignal,
  ifFree = false,
): Promise<LaneEnd | undefined> {
  const options = ifFree ? { ifAvailable: true } : { signal: stop };
  return navigator.locks.request(LOCK, options, async (lock) =>
    lock ? moveFiles(store, link, told, stop) : undefined,
  );
}
