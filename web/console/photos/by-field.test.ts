import { expect, test } from "vitest";
import type { Change, Photo, Template } from "../../shared/types";
import { byField, neighbour, originOf } from "./by-field";

const photo = (id: string, field: string, taken_at?: string): Photo => ({
  id,
  field,
  sha256: "",
  size: 1,
  media_type: "image/jpeg",
  state: "available",
  ...(taken_at ? { taken_at } : {}),
});

const TEMPLATE: Template = {
  id: "t",
  name: "Meter",
  version: 1,
  fields: [
    { key: "before", name: "Before", type: "photo", scope: "report", required: false },
    { key: "after", name: "After", type: "photo", scope: "report", required: false },
  ],
};

test("fields come in the template's order under its names, unknown ones last, photos by their time", () => {
  const photos = [
    photo("1", "gone"),
    photo("2", "after", "2026-11-24T10:00:00Z"),
    photo("3", "before"),
    photo("4", "after", "2026-11-24T09:00:00Z"),
  ];
  const said = byField(photos, TEMPLATE).map(({ name, photos }) => [name, photos.map(({ id }) => id)]);
  expect(said).toEqual([
    ["Before", ["3"]],
    ["After", ["4", "2"]],
    ["gone", ["1"]],
  ]);
  expect(byField(photos, undefined).map(({ name }) => name)).toEqual(["gone", "after", "before"]);
});

test("who took a photo and when is told by its first change, not by its arrival", () => {
  const change = (version: number, name: string, at: string): Change => ({
    version,
    kind: "photo",
    fields: { "photos.1": { new: {} } },
    actor: { kind: "user", name },
    late: false,
    happened_at: at,
    recorded_at: at,
  });
  const history = [change(1, "Ivan", "2026-11-24T09:00:00Z"), change(2, "Naryad", "2026-11-24T12:00:00Z")];
  expect(originOf(photo("1", "before"), history)).toEqual({ at: "2026-11-24T09:00:00Z", who: "Ivan" });
  const taken = photo("1", "before", "2026-11-24T08:55:00Z");
  expect(originOf(taken, history)).toEqual({ at: "2026-11-24T08:55:00Z", who: "Ivan" });
  expect(originOf(photo("2", "before"), history)).toEqual({ at: null, who: null });
});

test("arrows end at the ends", () => {
  const photos = [photo("1", "a"), photo("2", "a")];
  expect(neighbour(photos, "1", 1)?.id).toBe("2");
  expect(neighbour(photos, "1", -1)).toBeUndefined();
  expect(neighbour(photos, "2", 1)).toBeUndefined();
  expect(neighbour(photos, "gone", 1)).toBeUndefined();
});
