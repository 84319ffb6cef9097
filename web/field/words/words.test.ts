import { expect, test } from "vitest";
import { LANGUAGES, type Message } from "../../shared/i18n";
import { en } from "./en";
import { ru } from "./ru";

const catalogs: Record<(typeof LANGUAGES)[number], Record<string, Message>> = { en, ru };
const keys = Object.keys(en) as (keyof typeof en)[];

test("both languages have every key and no other", () => {
  expect(Object.keys(ru).sort()).toEqual([...keys].sort());
});

test.each(keys)("%s has the same places to fill in, and text", (key) => {
  const places = (message: Message) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
  expect(places(ru[key])).toEqual(places(en[key]));
  for (const one of [en[key], ru[key]]) expect(JSON.stringify(one)).not.toMatch(/""/);
});

test.each(LANGUAGES)("%s has every plural form of its language", (language) => {
  const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const message of Object.values(catalogs[language])) {
    if (typeof message !== "string") expect(Object.keys(message).sort()).toEqual([...needed].sort());
  }
});
