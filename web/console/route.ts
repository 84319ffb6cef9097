import { signal } from "@preact/signals";
import type { Id, JobState } from "../shared/types";
import { JOB_STATES } from "../shared/types";
import type { Filter } from "./jobs/filter";

export type Route =
  | { page: "jobs"; open: "none" | "new" }
  | { page: "jobs"; open: "job"; id: Id }
  | { page: "phones" }
  | { page: "setup"; part: SetupPart };

const SETUP_PARTS = ["users", "templates", "notifications"] as const;
export type SetupPart = (typeof SETUP_PARTS)[number];

export function parseRoute(path: string): Route {
  const [head, rest] = path.split("/").filter(Boolean);
  if (head === "phones") return { page: "phones" };
  if (head === "setup") return { page: "setup", part: SETUP_PARTS.find((part) => part === rest) ?? "users" };
  if (head !== "jobs" || !rest) return { page: "jobs", open: "none" };
  return rest === "new" ? { page: "jobs", open: "new" } : { page: "jobs", open: "job", id: rest };
}

export function parseFilter(search: string): Filter {
  const query = new URLSearchParams(search);
  const day = query.get("day") ?? "";
  return {
    q: query.get("q") ?? "",
    worker: query.get("worker") ?? "",
    day: /^\d{4}-\d\d-\d\d$/.test(day) ? day : "",
    state: JOB_STATES.find((state) => state === query.get("state")) ?? ("" as JobState | ""),
  };
}

export function filterSearch(filter: Filter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  const text = query.toString();
  return text && `?${text}`;
}

export const route = signal<Route>(parseRoute(window.location.pathname));

/** Asked before leaving what is open; false stays. Set by whoever holds unsaved work. */
export const leaving: { ask: (() => Promise<boolean>) | null } = { ask: null };

/** Go to another place of the console. The filter in the address stays. */
export async function go(path: string): Promise<void> {
  if (path === window.location.pathname) return;
  if (leaving.ask && !(await leaving.ask())) return;
  window.history.pushState(null, "", path + window.location.search);
  route.value = parseRoute(path);
}

export function rememberFilter(filter: Filter): void {
  window.history.replaceState(null, "", window.location.pathname + filterSearch(filter));
}

/** Follow the browser's own back and forward. Unsaved work is asked about; a refusal goes forward again. */
export function followHistory(): void {
  let at = window.location.pathname;
  window.addEventListener("popstate", async () => {
    const wanted = window.location.pathname;
    if (leaving.ask && !(await leaving.ask())) {
      window.history.pushState(null, "", at + window.location.search);
      return;
    }
    at = wanted;
    route.value = parseRoute(wanted);
  });
  route.subscribe(() => {
    at = window.location.pathname;
  });
}
