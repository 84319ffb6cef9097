import { signal } from "@preact/signals";

const BASE = "/app";

export type Route = { screen: "jobs" } | { screen: "job"; id: string } | { screen: "profile" };

export const route = signal<Route>(parse(location.pathname));

/** How far each page was scrolled when it was left: going back finds the place again. */
const scrolled = new Map<string, number>();

export function parse(path: string): Route {
  const [section, id] = path.slice(BASE.length).split("/").filter(Boolean);
  if (section === "jobs" && id) return { screen: "job", id };
  return section === "profile" ? { screen: "profile" } : { screen: "jobs" };
}

export function pathOf(to: Route): string {
  switch (to.screen) {
    case "jobs":
      return `${BASE}/`;
    case "job":
      return `${BASE}/jobs/${to.id}`;
    case "profile":
      return `${BASE}/profile`;
    default:
      return to satisfies never;
  }
}

export function go(to: Route): void {
  const path = pathOf(to);
  if (path === location.pathname) return;
  scrolled.set(location.pathname, scrollY);
  history.pushState(null, "", path);
  show(to, to.screen === "job" ? 0 : (scrolled.get(path) ?? 0));
}

/** Show a page at its place, and let a screen reader begin at its heading. */
function show(to: Route, top: number): void {
  route.value = to;
  requestAnimationFrame(() => {
    scrollTo(0, top);
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  });
}

history.scrollRestoration = "manual";
addEventListener("popstate", () => {
  show(parse(location.pathname), scrolled.get(location.pathname) ?? 0);
});

/** A tapped notification: no reload. */
navigator.serviceWorker?.addEventListener("message", (event) => {
  const { open } = event.data as { open?: string };
  if (open) go(parse(new URL(open, location.origin).pathname));
});
