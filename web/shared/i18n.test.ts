import { expect, test } from "vitest";
import { createTranslate, pickLanguage } from "./i18n";

test("the first language we speak wins, else English", () => {
  expect(pickLanguage(["de-DE", "ru-RU", "en"])).toBe("ru");
  expect(pickLanguage(["en-GB", "ru"])).toBe("en");
  expect(pickLanguage(["fi"])).toBe("en");
});

test("plural forms follow the language's own rules", () => {
  const catalogs = {
    en: { jobs: { one: "{n} job", other: "{n} jobs" } },
    ru: { jobs: { one: "{n} наряд", few: "{n} наряда", many: "{n} нарядов", other: "{n} наряда" } },
  };
  const ru = createTranslate(catalogs, "ru");
  expect([1, 2, 5, 11, 21, 104].map((n) => ru("jobs", { n }))).toEqual([
    "1 наряд",
    "2 наряда",
    "5 нарядов",
    "11 нарядов",
    "21 наряд",
    "104 наряда",
  ]);
  expect(createTranslate(catalogs, "en")("jobs", { n: 1 })).toBe("1 job");
});
