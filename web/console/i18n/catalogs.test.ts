import { expect, test } from "vitest";
import type { Message } from "../../shared/i18n";
import { CATALOGS, isKey, type Key } from "./tongue";

const KEYS = Object.keys(CATALOGS.en) as Key[];

/** Names that are the same in every language. */
const NAMES = new Set<string>([
  "pushes.channels.apns",
  "pushes.channels.fcm",
  "pushes.channels.webpush",
  "phones.platforms.ios",
  "phones.platforms.android",
  "files.phases.sending",
]);

function forms(message: Message): string[] {
  return typeof message === "string" ? [message] : Object.values(message);
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(([whole]) => whole).sort();
}

test.each(KEYS)("%s is said in both languages, with the same values in it", (key) => {
  const wanted = placeholders(forms(CATALOGS.en[key])[0] ?? "");
  for (const text of [...forms(CATALOGS.en[key]), ...forms(CATALOGS.ru[key])]) {
    expect(text.trim()).not.toBe("");
    expect(placeholders(text)).toEqual(wanted);
  }
});

test.each(KEYS.filter((key) => !NAMES.has(key)))("%s is Russian in Russian", (key) => {
  for (const text of forms(CATALOGS.ru[key])) expect(text.replace(/\{\w+\}/g, "")).toMatch(/[а-яё]/i);
});

test("every word that is looked up by a name from the server is there", () => {
  const slugs = [
    "bad-json unauthenticated wrong-credentials forbidden bad-origin not-found impossible-transition",
    "already-exists version-mismatch too-large invalid-request resolution-required report-incomplete",
    "date-required too-many-requests internal unavailable",
  ];
  const fields =
    "state client address contacts scheduled_at scheduled_duration assignees description type template_id external_id resolution";
  const skips = "no-phone job-deleted taken-away not-today already-synced signed-out inactive";
  for (const slug of slugs.join(" ").split(" ")) expect(isKey(`problems.${slug}`), slug).toBe(true);
  for (const field of fields.split(" ")) expect(isKey(`fields.${field}`), field).toBe(true);
  for (const skip of skips.split(" ")) expect(isKey(`pushes.details.${skip}`), skip).toBe(true);
});
