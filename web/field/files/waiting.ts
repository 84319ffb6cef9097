import type { Policy } from "../../shared/types";
import type { Network } from "../sync/network";
import type { Pending } from "../sync/outbox";
import { nextAt } from "../sync/policy";
import type { HeldAttachment, HeldPhoto } from "./held-file";

/** Further off than any delay: the phone's clock was set back. */
const CLOCK_WENT_BACK_S = 2 * 86_400;

export interface Files {
  photos: readonly HeldPhoto[];
  attachments: readonly HeldAttachment[];
  outbox: readonly Pending[];
}

/** A file that has to move, and whether the worker wants it to on a slow network too. */
export interface ToMove {
  file: HeldPhoto | HeldAttachment;
  anyway: boolean;
}

/** R7, R8: whether files move now by themselves. */
export function isOpen(network: Network, policy: Policy): boolean {
  return network === "fast" || (network === "slow" && policy.files_on === "any");
}

/**
 * What has to move, photos before attachments, the oldest first. Photos whose operation is still in the outbox
 * wait for its answer: the server may have the same content already.
 */
export function toMove(files: Files, photosNow: boolean): ToMove[] {
  const adding = new Set(files.outbox.flatMap((one) => (one.type === "add_photo" ? [one.photo.id] : [])));
  const photos = files.photos.filter((one) => !one.removed && !one.refused && !adding.has(one.id));
  const attachments = files.attachments.filter((one) => !one.held);
  return [
    ...photos.map((file) => ({ file, anyway: photosNow })),
    ...attachments.map((file) => ({ file, anyway: file.wanted ?? false })),
  ];
}

/** Whether its last failure is far enough behind. */
export function isDue({ file }: ToMove, now: number): boolean {
  const at = nextAt(file.attempts);
  return at <= now || at > now + CLOCK_WENT_BACK_S;
}
