import { computed, signal } from "@preact/signals";
import type { Id, Template, User } from "../../shared/types";
import { tongue } from "../i18n/tongue";
import type { Speaker } from "../jobs/say";
import { clock } from "../session/account";
import { request } from "../session/session";

/** The account's users and templates, whole: jobs name them by id only. */
export const users = signal<ReadonlyMap<Id, User>>(new Map());
export const templates = signal<ReadonlyMap<Id, Template>>(new Map());

const collator = new Intl.Collator(tongue.locale);

/** Who can be assigned, by name. */
export const workers = computed(() =>
  [...users.value.values()]
    .filter((user) => user.role === "worker" && user.active)
    .sort((a, b) => collator.compare(a.name, b.name)),
);

/** What turns ids into names wherever a job is spoken of. */
export const speaker = computed<Speaker>(() => ({
  tongue,
  clock: clock.value,
  user: (id) => users.value.get(id),
  template: (id) => templates.value.get(id),
}));

export async function loadUsers(): Promise<void> {
  users.value = await all<User, "users">("/v1/users", "users");
}

export async function loadTemplates(): Promise<void> {
  templates.value = await all<Template, "templates">("/v1/templates", "templates");
}

export function keepUser(user: User): void {
  users.value = new Map(users.value).set(user.id, user);
}

export function keepTemplate(template: Template): void {
  templates.value = new Map(templates.value).set(template.id, template);
}

let asked: Promise<void> | null = null;

/** A job names somebody this page has not heard of: a user made meanwhile. */
export function askForUser(id: Id): void {
  if (users.value.has(id) || asked) return;
  asked = loadUsers().finally(() => {
    asked = null;
  });
  asked.catch((error: unknown) => console.warn("users could not be loaded", error));
}

async function all<T extends { id: Id }, K extends string>(path: string, member: K): Promise<Map<Id, T>> {
  const found = new Map<Id, T>();
  let after: string | null = null;
  do {
    const page: { [P in K]: T[] } & { next?: string | null } = await request("GET", path, {
      query: { limit: 500, after },
    });
    for (const one of page[member]) found.set(one.id, one);
    after = page.next ?? null;
  } while (after);
  return found;
}
