/**
 * Kept free for the worker's words: a browser counts the bytes of a file only after it has stored them, and from
 * then on refuses the smallest write, also those that would send what waits.
 */
const RESERVE = 10_000_000;

/** Photos go before attachments: those can be fetched again. */
const FOR_PHOTOS = 20_000_000;

export function hasRoomForPhoto(bytes: number): Promise<boolean> {
  return hasRoom(bytes + RESERVE);
}

export function hasRoomForAttachment(bytes: number): Promise<boolean> {
  return hasRoom(bytes + RESERVE + FOR_PHOTOS);
}

/** Where the browser does not say, or says what is not so (Chromium always tells of 10 GB), the write itself will. */
async function hasRoom(bytes: number): Promise<boolean> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || usage === undefined || quota - usage >= bytes;
}

export function isOutOfRoom(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
