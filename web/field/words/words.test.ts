import { expect, it } from "vitest";
import { en } from "./en";
import { ru } from "./ru";

it("says everything in both languages, with the same places to fill in", () => {
  expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  const places = (message: unknown) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
  for (const key of Object.keys(en) as (keyof typeof en)[]) expect(places(ru[key])).toEqual(places(en[key]));
});
