import { computed, signal } from "@preact/signals";
import type { Frame, StreamState } from "../../shared/event-stream";
import { hearOfConflicts } from "../conflicts/conflicts";
import type { ChangeEvent } from "../jobs/change-event";
import * as list from "../jobs/list";
import * as opened from "../jobs/opened";
import { loadTemplates } from "../people/directory";
import { keepHealth } from "../phones/phones";
import { request, whoever } from "../session/session";
import { SharedStream } from "./share";

/** What the page may honestly say of itself. `since` is when it last heard from the server. */
export type Connection = { is: "live" } | { is: "catching-up" } | { is: "disconnected"; since: number };

const stream = signal<StreamState>("connecting");
const lostAt = signal<number | null>(null);

export const connection = computed<Connection>(() => {
  if (lostAt.value !== null) return { is: "disconnected", since: lostAt.value };
  return stream.value === "open" && !list.loading.value ? { is: "live" } : { is: "catching-up" };
});

let shared: SharedStream | null = null;
let waiting: ChangeEvent[] = [];
let gathering = false;

/** A burst of changes is drawn once a frame, not once a change. */
const GATHER_MS = 16;
const PAUSE_MS = 2000;

/** Read the list, then follow the account's history from there. */
export async function goLive(): Promise<void> {
  const position = await reload();
  const { account, user } = whoever();
  shared = new SharedStream(`naryad.live.${account.id}.${user.id}`, position, {
    frame: take,
    state: setState,
    reload,
    refused,
  });
  window.addEventListener("online", () => shared?.hurry());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") shared?.hurry();
  });
}

/** Read the list with another filter; the stream goes on meanwhile. */
export async function applyFilter(): Promise<void> {
  await list.load(since);
}

/** Until it succeeds: without it nothing on the page can be trusted. */
async function reload(): Promise<string> {
  for (;;) {
    try {
      const position = await list.load(since);
      if (position) {
        opened.refresh();
        hearOfConflicts();
        return position;
      } // else another filter overtook it: read with that one
    } catch (error) {
      console.warn("the list could not be read", error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function since(position: string): readonly ChangeEvent[] | null {
  if (!shared) return [];
  return shared.since(position)?.map((frame) => JSON.parse(frame.data) as ChangeEvent) ?? null;
}

function take(frame: Frame): void {
  if (frame.event === "device") keepHealth(JSON.parse(frame.data));
  if (frame.event !== "change") return;
  waiting.push(JSON.parse(frame.data) as ChangeEvent);
  if (!gathering) setTimeout(applyWaiting, GATHER_MS);
  gathering = true;
}

function applyWaiting(): void {
  const events = waiting;
  waiting = [];
  gathering = false;
  list.applyChanges(events);
  for (const event of events) opened.hear(event);
  hearOfConflicts();
  if (events.some((event) => event.kind === "template")) {
    loadTemplates().catch((error: unknown) => console.warn("templates could not be loaded", error));
  }
}

function setState(state: StreamState): void {
  stream.value = state;
  if (state === "lost") lostAt.value ??= Date.now();
  if (state === "open") lostAt.value = null;
}

/** An error status: if the session ended, this asks to sign in again and waits; else the stream just retries. */
async function refused(): Promise<void> {
  try {
    await request("GET", "/v1/me");
  } catch (error) {
    console.warn("the server cannot be asked", error);
  }
}
