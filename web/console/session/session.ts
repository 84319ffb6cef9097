import { signal } from "@preact/signals";
import { createApi, NotSignedIn } from "../../shared/api";
import type { Me, SignedIn } from "../../shared/types";

const api = createApi("console");
type Request = typeof api;

/** Who is signed in. `starting` until the server has answered. */
export const me = signal<Me | "starting" | null>("starting");

/** The session ended under the page: the sign-in dialog is shown over it, and what was asked waits. */
export const askedAgain = signal(false);
let again: { promise: Promise<void>; done: () => void } | null = null;

/** The API as whoever is signed in. A 401 asks to sign in again and then goes on, so that no edit is lost. */
export const request: Request = async (method, path, options) => {
  for (;;) {
    try {
      return await api(method, path, options);
    } catch (error) {
      if (!(error instanceof NotSignedIn) || !isSignedIn()) throw error;
      await signedInAgain();
    }
  }
};

export function isSignedIn(): boolean {
  return me.value !== null && me.value !== "starting";
}

/** Whoever is signed in; only for what is shown after signing in. */
export function whoever(): Me {
  if (me.value === null || me.value === "starting") throw new Error("nobody is signed in");
  return me.value;
}

/** Find out whether the cookie still holds. Throws Unreachable or ProblemError when that cannot be known. */
export async function resume(): Promise<void> {
  try {
    me.value = await api<Me>("GET", "/v1/me");
  } catch (error) {
    if (!(error instanceof NotSignedIn)) throw error;
    me.value = null;
  }
}

/** Another company's login cannot go on with this page's work. */
export class OtherAccount extends Error {
  override readonly name = "OtherAccount";
}

/** Workers have the field app; this page would show them nothing. */
export class WorkersElsewhere extends Error {
  override readonly name = "WorkersElsewhere";
}

/** Throws ProblemError, Unreachable, OtherAccount, WorkersElsewhere. */
export async function signIn(login: string, password: string): Promise<void> {
  const body = { login, password, transport: "cookie" };
  const who = await api<SignedIn>("POST", "/v1/sessions", { body });
  if (who.user.role === "worker") {
    await api("DELETE", "/v1/sessions/current");
    throw new WorkersElsewhere();
  }
  const before = me.value;
  if (before !== null && before !== "starting" && before.account.id !== who.account.id) {
    await api("DELETE", "/v1/sessions/current");
    throw new OtherAccount();
  }
  me.value = who;
  askedAgain.value = false;
  again?.done();
  again = null;
}

export async function signOut(): Promise<void> {
  try {
    await api("DELETE", "/v1/sessions/current");
  } catch (error) {
    if (!(error instanceof NotSignedIn)) throw error;
  }
  window.location.assign("/");
}

/** Asks to sign in again, over the page; resolves when it is done. */
export function signedInAgain(): Promise<void> {
  if (!again) {
    let done = () => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    again = { promise, done };
    askedAgain.value = true;
  }
  return again.promise;
}
