import type { Photo } from "../../shared/types";
import { syncNow } from "../app";
import { network, wantRetry } from "../carry";
import type { HeldAttachment, HeldPhoto, Trouble } from "../files/held-file";
import { isPhoto } from "../files/held-file";
import { type Key, language, problemWords, t } from "../i18n";
import { moving, phone, signInNeeded } from "../phone";
import { en } from "../words/en";
import { Icon } from "./icon";

/** How a file stands, in words, for the job and for Profile. */
export interface FileState {
  kind: "done" | "moving" | "waiting" | "failed" | "refused";
  words: string;
  /** Of its bytes, how many in a hundred have moved. */
  percent?: number;
}

/** A photo of a job: `held` is what this phone knows of its bytes. */
export function photoState(photo: Pick<Photo, "state">, held: HeldPhoto | undefined): FileState {
  if (held) return heldState(held);
  if (photo.state === "available") return { kind: "done", words: t("file.sent") };
  return { kind: "waiting", words: t("file.elsewhere") };
}

/** A file whose bytes still have to travel, or to be proved. */
export function heldState(held: HeldPhoto | HeldAttachment): FileState {
  const mine = isPhoto(held);
  if (mine && held.refused) return { kind: "refused", words: reason(held.trouble ?? { slug: "refused" }) };
  const now = moving.value?.id === held.id ? moving.value : undefined;
  if (now && now.done < now.size) {
    const percent = Math.floor((100 * now.done) / now.size);
    return { kind: "moving", percent, words: t(mine ? "file.sending" : "file.receiving", { n: percent }) };
  }
  if (mine && held.sentAt !== undefined) return { kind: "moving", words: t("file.checking") };
  if (!mine && held.held) return { kind: "done", words: t("file.here") };
  if (signInNeeded.value) return { kind: "waiting", words: t("file.wait-sign-in") };
  if (network.value === "offline") return { kind: "waiting", words: t("file.wait-offline") };
  if (held.trouble) return { kind: "failed", words: t("file.later", { reason: reason(held.trouble) }) };
  if (network.value === "slow" && !isAllowed(held)) return { kind: "waiting", words: t("file.wait-fast") };
  if (moving.value) return { kind: "waiting", words: t("file.wait-turn") };
  return { kind: "waiting", words: t(mine ? "file.wait-sync" : "file.wait-sync-down") };
}

function isAllowed(held: HeldPhoto | HeldAttachment): boolean {
  if (phone.value?.policy?.files_on === "any") return true;
  return isPhoto(held) ? phone.value?.photosNow === true : held.wanted === true;
}

function reason({ slug, detail }: Trouble): string {
  const key = `trouble-file.${slug}`;
  if (key in en) return t(key as Key);
  return problemWords({
    type: `urn:naryad:problem:${slug}`,
    title: slug,
    status: 0,
    ...(detail ? { detail } : {}),
  });
}

/** The state with its mark, and how far it is. */
export function FileStateLine({ state, name }: { state: FileState; name: string }) {
  return (
    <span class={`file-state ${state.kind}`}>
      <Icon
        name={
          state.kind === "done"
            ? "finished"
            : state.kind === "failed" || state.kind === "refused"
              ? "warning"
              : "cloud"
        }
      />{" "}
      {state.words}
      {state.percent !== undefined && <progress aria-label={name} max={100} value={state.percent} />}
    </span>
  );
}

/** Where waiting may be cut short by the worker. */
export function RetryButton({ id, state, name }: { id: string; state: FileState; name: string }) {
  if (state.kind !== "failed") return null;
  return (
    <button type="button" aria-label={`${t("file.retry")}: ${name}`} onClick={() => void retry(id)}>
      <Icon name="sync" /> {t("file.retry")}
    </button>
  );
}

async function retry(id: string): Promise<void> {
  await wantRetry(id);
  await syncNow("manual");
}

/** `812 KB`, `1.2 MB`. */
export function sizeWords(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language.value, {
    style: "unit",
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
