import { Unreachable } from "../../shared/api";
import { sha256 } from "../../shared/sha256";
import { AT_ONCE } from "../sync/policy";
import { download } from "./download";
import type { HeldAttachment } from "./held-file";
import type { Lane } from "./lane";
import { hasRoomForAttachment } from "./room";
import { isOpen } from "./waiting";

/** What came is not what was promised. */
export class Damaged extends Error {}

/** The phone has none for it. */
export class NoRoom extends Error {}

/**
 * What is missing of an attachment (R2). It counts as held when its SHA-256 is right. Stops before the end when
 * the network has turned slow. Throws NoRoom, Damaged, Unreachable, ProblemError, and QuotaExceededError.
 */
export async function receive(lane: Lane, file: HeldAttachment, anyway: boolean): Promise<void> {
  const { shelf, link, policy } = lane;
  const { id, size } = file;
  let received = file.received;
  if (received < size) {
    if (!(await hasRoomForAttachment(size - received))) throw new NoRoom();
    for await (const piece of download(lane.fetch, lane.clock, file, lane.stop)) {
      received = piece.place + piece.bytes.size;
      if (received > size) throw new Damaged();
      await shelf.addPiece(id, piece.place, piece.bytes, piece.etag);
      lane.told({ id, done: received, size });
      if (received === size) break;
      link.tried(piece.received, piece.seconds);
      if (!anyway && !isOpen(link.network(policy), policy)) return;
    }
  }
  if (received < size) throw new Unreachable("The answer was cut short.");
  if ((await sha256(await shelf.bytes(id))) !== file.sha256) throw new Damaged();
  await shelf.setAttachment(id, ({ trouble: _, wanted: __, ...held }) => ({
    ...held,
    held: true,
    attempts: AT_ONCE,
  }));
}
