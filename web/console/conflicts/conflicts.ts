import { signal } from "@preact/signals";
import type { AccountConflicts, Conflict, Id, Take } from "../../shared/types";
import { opened, refresh } from "../jobs/opened";
import { request } from "../session/session";
import { Pace } from "./pace";

const PAGE = 50;
const MOST = 500;

/** The open cards, the newest first. */
export const cards = signal<readonly Conflict[]>([]);
/** How many there are; the server counts up to a thousand. */
export const openCount = signal(0);
export const more = signal(false);
export const panelShown = signal(false);

let limit = PAGE;
/** Closed by this page: a reading that began before knows nothing of it. */
const settled = new Set<Id>();
const pace = new Pace(load, () => document.visibilityState === "visible");

/** Something has changed in the account, or may have. */
export function hearOfConflicts(): void {
  pace.hear();
}

export function followConflicts(): void {
  document.addEventListener("visibilitychange", () => pace.seen());
  pace.hear();
}

export async function showMore(): Promise<void> {
  limit = Math.min(limit + PAGE, MOST);
  await load();
}

/** Close a card. Throws ProblemError, Unreachable. */
export async function settle(card: Conflict, take: Take): Promise<void> {
  await request<Conflict>("POST", `/v1/conflicts/${card.id}/resolve`, { body: { take } });
  settled.add(card.id);
  if (cards.value.some((one) => one.id === card.id)) {
    cards.value = cards.value.filter((one) => one.id !== card.id);
    openCount.value -= 1;
  }
  pace.hear();
  if (opened.value?.id === card.job?.id) refresh();
}

async function load(): Promise<void> {
  const page = await request<AccountConflicts>("GET", "/v1/conflicts", { query: { open: true, limit } });
  const found = page.conflicts.filter((one) => !settled.has(one.id));
  cards.value = found;
  openCount.value = page.open - (page.conflicts.length - found.length);
  more.value = Boolean(page.next) && limit < MOST;
  if (tellsMore(found)) refresh();
}

/** The open job's panel lacks a card: a refusal, of which no event told. */
function tellsMore(found: readonly Conflict[]): boolean {
  const now = opened.value;
  const known = new Set(now?.conflicts.map((one) => one.id));
  return found.some((one) => one.job?.id === now?.id && now !== null && !known.has(one.id));
}
