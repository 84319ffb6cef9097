import { expect, test } from "vitest";
import type { Photo } from "../../shared/types";
import { createTongue } from "../i18n/tongue";
import { awaited, sayAwaited } from "./awaited";

const photo = (id: string, size: number, state: Photo["state"]): Photo => ({
  id,
  field: "before",
  sha256: "",
  size,
  media_type: "image/jpeg",
  state,
});

test("of a whole job, the photos that are expected count, and nothing else", () => {
  const photos = [
    photo("a", 500_000, "expected"),
    photo("b", 1, "available"),
    photo("c", 300_000, "expected"),
  ];
  expect(awaited({ photos: [...photos, photo("d", 9, "failed")] })).toEqual({ count: 2, size: 800_000 });
});

test("of a live event, its own count; when it has none, no photo is awaited", () => {
  expect(awaited({ photos: 3, photos_expected: { count: 1, size: 5 } })).toEqual({ count: 1, size: 5 });
  expect(awaited({ photos: 3 })).toEqual({ count: 0, size: 0 });
  expect(awaited({})).toEqual({ count: 0, size: 0 });
});

test.each([
  ["en", 1, "1 photo still on the phone, 0.8 MB"],
  ["en", 3, "3 photos still on the phone, 0.8 MB"],
  ["ru", 1, "1 фото ещё на телефоне, 0,8 МБ"],
  ["ru", 2, "2 фото ещё на телефоне, 0,8 МБ"],
  ["ru", 5, "5 фото ещё на телефоне, 0,8 МБ"],
] as const)("in %s, %d", (language, count, words) => {
  expect(sayAwaited({ count, size: 812_345 }, createTongue(language))).toBe(words);
});

test("nothing is said of nothing", () => {
  expect(sayAwaited({ count: 0, size: 0 }, createTongue("en"))).toBe("");
});

test.each([
  [1, "1 файл не взят: у наряда не больше 100 вложений."],
  [3, "3 файла не взяты: у наряда не больше 100 вложений."],
  [11, "11 файлов не взяты: у наряда не больше 100 вложений."],
  [21, "21 файл не взят: у наряда не больше 100 вложений."],
])("%d files too many, in Russian", (n, words) => {
  expect(createTongue("ru").t("files.tooMany", { n, most: 100 })).toBe(words);
});
