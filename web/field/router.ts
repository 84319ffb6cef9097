import { signal } from "@preact/signals";

const BASE = "/app";

export type Route = { screen: "jobs" } | { screen: "job"; id: string } | { screen: "profile" };

export const route = signal<Route>(parse(location.pathname));

export function parse(path: string): Route {
  const [section, id] = path.slice(BASE.length).split("/").filter(Boolean);
  if (section === "jobs" && id) return { screen: "job", id: decodeURIComponent(id) };
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
  history.pushState(null, "", pathOf(to));
  route.value = to;
  scrollTo(0, 0);
}

addEventListener("popstate", () => {
  route.value = parse(location.pathname);
});

/** A tapped notification, or a link inside the app: no reload. */
navigator.serviceWorker?.addEventListener("message", (event) => {
  const { open } = (event.data ?? {}) as { open?: string };
  if (open) go(parse(new URL(open, location.origin).pathname));
});
