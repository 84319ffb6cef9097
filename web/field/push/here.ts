import { effect, signal } from "@preact/signals";
import { createApi, ProblemError } from "../../shared/api";
import { language } from "../i18n";
import { changed, openStore, phone, worker } from "../phone";
import { betweenPushes, keepRegistered } from "./keep";
import { permissionIn, type Surroundings, type Way, wayIn } from "./permission";
import { UNREGISTERED } from "./registration";

const SCOPE = "/app/";
const request = createApi("field");

/** R22: whether notifications are allowed in this browser, now. */
export const permission = signal(permissionIn(surroundings()));

let stop = new AbortController();
let running = false;
let again = false;
/** Once each time the app is opened: the server may have given up this phone meanwhile. */
let toAsk = true;

/** Notice when the worker allows or blocks notifications in the browser's own settings. */
export function watchPermission(): void {
  document.addEventListener("visibilitychange", look);
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", look))
    .catch(() => undefined); // not every browser tells: becoming visible again does
  effect(keepLanguage);
}

/** Bring the server's registration of this phone up to date. Called after every sync that worked; waits for nothing. */
export function keepPushes(): void {
  if (!navigator.serviceWorker || !("PushManager" in window)) return;
  again = true;
  if (running) return;
  running = true;
  void keepWhileWanted().finally(() => {
    running = false;
  });
}

/** Ask for permission: only from a tap. Whatever the answer, the list of jobs does not ask again. */
export async function allow(): Promise<void> {
  await Notification.requestPermission();
  look();
  await dontAsk();
}

/** "Not now": Profile still offers it. */
export async function dontAsk(): Promise<void> {
  await openStore().set({ askedToNotify: true });
  await changed();
}

/** How notifications that were blocked are permitted here. */
export function way(): Way {
  return wayIn(surroundings());
}

/**
 * At sign-out: run `leave` while nobody registers this phone. The server forgets the phone's address first,
 * then the browser; what the notifications say goes off the screen with the rest of the worker's data.
 */
export async function leavePushes(leave: () => Promise<void>): Promise<void> {
  again = false;
  stop.abort(new DOMException("Signing out.", "AbortError"));
  await betweenPushes(async () => {
    if (phone.value?.push.told) await withdraw();
    await leave();
    const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
    if (!registration) return;
    await (await registration.pushManager?.getSubscription())?.unsubscribe();
    for (const shown of await registration.getNotifications()) shown.close();
  });
}

async function withdraw(): Promise<void> {
  try {
    await request("DELETE", "/v1/devices/current/push");
    await openStore().set({ push: UNREGISTERED }); // signing out may yet fail
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    console.error(error); // it ends all the same: an address that the browser gave up is retired at its next push
  }
}

async function keepWhileWanted(): Promise<void> {
  stop = new AbortController();
  while (again && worker.value) {
    again = false;
    const registration = await navigator.serviceWorker.getRegistration(SCOPE);
    if (!registration) return; // still being installed: the next sync comes back
    try {
      await keepRegistered(openStore(), registration, toAsk, stop.signal);
      toAsk = false;
    } catch (error) {
      if (!stop.signal.aborted) console.error(error); // the next sync tries again
    }
    if (worker.value) await changed();
  }
}

function look(): void {
  const now = permissionIn(surroundings());
  if (now === permission.value) return;
  permission.value = now;
  keepPushes();
}

/** For the service worker, which cannot read the choice. */
function keepLanguage(): void {
  const chosen = language.value;
  if (phone.value && phone.value.language !== chosen) void openStore().set({ language: chosen });
}

function surroundings(): Surroundings {
  const apple = navigator as { standalone?: boolean };
  return {
    secure: isSecureContext,
    notifications: "Notification" in window ? Notification.permission : undefined,
    push: "PushManager" in window,
    installed: apple.standalone === true || matchMedia("(display-mode: standalone)").matches,
    agent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
  };
}
