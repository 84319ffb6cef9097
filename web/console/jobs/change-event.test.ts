import { expect, test } from "vitest";
import { applyChange, type ChangeEvent, type JobRow } from "./change-event";

const row = (version: number, more: Partial<JobRow> = {}): JobRow => ({
  id: "j",
  number: 1,
  state: "published",
  version,
  ...more,
});

const event = (version: number, more: Partial<ChangeEvent> = {}): ChangeEvent => ({
  version,
  kind: "edited",
  changed: ["scheduled_at"],
  job: row(version),
  actor: { kind: "user", name: "Anna" },
  happened_at: "2026-11-24T09:00:00Z",
  recorded_at: "2026-11-24T09:00:00Z",
  ...more,
});

test("a newer summary replaces the row whole: what it leaves out is cleared", () => {
  const held = row(5, { scheduled_at: "2026-11-24T09:00:00Z" });
  expect(applyChange(event(6), held, 5)).toEqual({ do: "put", row: row(6) });
});

test("what is already known changes nothing, so replays do no harm", () => {
  expect(applyChange(event(6), row(6), 5)).toEqual({ do: "nothing" });
  expect(applyChange(event(6), row(7), 5)).toEqual({ do: "nothing" });
});

test("an unknown job is new, unless the list was read after it", () => {
  expect(applyChange(event(6), undefined, 5)).toEqual({ do: "put", row: row(6) });
  expect(applyChange(event(6), undefined, 6)).toEqual({ do: "nothing" });
});

test("a deleted job disappears, and an old event does not bring it back", () => {
  const deleted = event(7, { kind: "deleted", job: row(6) }); // the summary is of the job as it was
  expect(applyChange(deleted, row(6), 5)).toEqual({ do: "remove", id: "j" });
  expect(applyChange(event(6), undefined, 7)).toEqual({ do: "nothing" });
});

test("a change of a template is no job's", () => {
  expect(applyChange(event(6, { kind: "template", job: null }), undefined, 5)).toEqual({
    do: "reload-templates",
  });
  expect(applyChange(event(6, { kind: "policy", job: null }), undefined, 5)).toEqual({ do: "nothing" });
});
