import { createApi, NotSignedIn, ProblemError } from "../shared/api";
import type { DeviceInfo, SignedIn, SignIn } from "../shared/types";
import { outcome, syncNow } from "./app";
import { stopFiles } from "./carry";
import { language } from "./i18n";
import { enter, leave, openStore, phone, reread, tellOtherTabs, worker } from "./phone";
import { leavePushes } from "./push/here";
import { UNREGISTERED } from "./push/registration";
import { deviceIdOf, forgetDeviceOf, setCurrentWorker } from "./sync/installation";
import { APP_VERSION, betweenSyncs } from "./sync/sync";

const request = createApi("field");

/** Somebody signed in who is no worker. */
export class NotAWorker extends Error {}

/** Work waits to be sent: signing out would leave it behind. */
export class WorkUnsent extends Error {}

/** Sign in as a worker on this phone. Work that was not sent waits in the worker's own store. */
export async function signIn(login: string, password: string): Promise<void> {
  const { answer, deviceId } = await askToSignIn(login, password);
  const other = worker.value !== null && worker.value.user.id !== answer.user.id;
  const known = { login, user: answer.user, account: answer.account, deviceId };
  await setCurrentWorker(known);
  await enter(known);
  await openStore().set({ signInNeeded: false, push: UNREGISTERED });
  if (phone.value?.outbox.length === 0) await openStore().set({ lastSeq: answer.device?.last_seq ?? 0 });
  await reread();
  if (other) tellOtherTabs();
  void navigator.storage?.persist?.();
  await syncNow("open");
}

/** Sign out, and take the worker's data off this phone. Throws WorkUnsent, Unreachable. */
export async function signOut(): Promise<void> {
  const { outbox, photos } = await openStore().read();
  if (outbox.length + photos.length > 0) throw new WorkUnsent();
  await leavePushes(endSession);
}

async function endSession(): Promise<void> {
  await request("DELETE", "/v1/sessions/current").catch((error: unknown) => {
    if (!(error instanceof NotSignedIn)) throw error; // it has ended already
  });
  await stopFiles();
  const forgotten = await betweenSyncs(() => openStore().forget());
  if (!forgotten) throw new WorkUnsent();
  await setCurrentWorker(undefined);
  leave();
  outcome.value = null;
}

async function askToSignIn(login: string, password: string): Promise<{ answer: SignedIn; deviceId: string }> {
  for (let second = false; ; second = true) {
    const deviceId = await deviceIdOf(login);
    const body: SignIn = { login, password, transport: "cookie", device: device(deviceId) };
    try {
      const answer = await request<SignedIn>("POST", "/v1/sessions", { body });
      if (answer.device) return { answer, deviceId };
      await createApi("console")("DELETE", "/v1/sessions/current"); // the desk's cookie does not stay here
      throw new NotAWorker();
    } catch (error) {
      if (second || !(error instanceof ProblemError) || error.slug !== "device-taken") throw error;
      await forgetDeviceOf(login);
    }
  }
}

function device(id: string): DeviceInfo {
  return {
    id,
    name: deviceName(navigator.userAgent),
    platform: "web",
    app_version: APP_VERSION,
    locale: language.value,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

function deviceName(agent: string): string {
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((one) =>
    agent.includes(one),
  );
  const browser = ["Firefox", "Edg", "YaBrowser", "Chrome", "Safari"].find((one) => agent.includes(one));
  return [browser === "Edg" ? "Edge" : browser, system].filter(Boolean).join(", ") || "Web";
}
