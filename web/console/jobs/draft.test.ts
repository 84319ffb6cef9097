import { expect, test } from "vitest";
import type { Job } from "../../shared/types";
import {
  beginDraft,
  changedFields,
  createBody,
  draftValue,
  keepMine,
  marks,
  NEW_JOB,
  patchBody,
  same,
  takeTheirs,
  touch,
} from "./draft";

const job = (version: number, more: Partial<Job> = {}): Job => ({
  ...NEW_JOB,
  id: "j",
  number: 1,
  version,
  description: "before",
  ...more,
});

test("only the touched fields are sent", () => {
  const draft = touch(beginDraft(job(5)), job(5), "description", "after");
  expect(patchBody(draft, job(5))).toEqual({ base_version: 5, description: "after" });
});

test("a field typed back to what it was is not sent", () => {
  let draft = touch(beginDraft(job(5)), job(5), "description", "after");
  draft = touch(draft, job(5), "description", "before");
  expect(changedFields(draft, job(5))).toEqual([]);
});

test("untouched fields follow the live job", () => {
  const draft = touch(beginDraft(job(5)), job(5), "description", "mine");
  const live = job(6, { type: "repair" });
  expect(draftValue(draft, live, "type")).toBe("repair");
  expect(marks(draft, live)).toEqual([]);
  expect(patchBody(draft, live)).toEqual({ base_version: 6, description: "mine" });
});

test("a live change never overwrites what is being typed: it is marked with both values", () => {
  const draft = touch(beginDraft(job(5)), job(5), "description", "mine");
  const live = job(6, { description: "theirs" });
  expect(draftValue(draft, live, "description")).toBe("mine");
  expect(marks(draft, live)).toEqual([{ field: "description", theirs: "theirs", mine: "mine" }]);
  // judged from where the edit began, so that the answer tells what was overridden
  expect(patchBody(draft, live)).toEqual({ base_version: 5, description: "mine" });
});

test("the same value from both sides is no conflict", () => {
  const draft = touch(beginDraft(job(5)), job(5), "description", "mine");
  expect(marks(draft, job(6, { description: "mine" }))).toEqual([]);
});

test("keeping mine ends the mark until it changes once more", () => {
  let draft = touch(beginDraft(job(5)), job(5), "description", "mine");
  const live = job(6, { description: "theirs" });
  draft = keepMine(draft, live, "description");
  expect(marks(draft, live)).toEqual([]);
  expect(patchBody(draft, live).base_version).toBe(6);
  expect(marks(draft, job(7, { description: "again" }))).toHaveLength(1);
});

test("taking theirs lets the field follow again", () => {
  let draft = touch(beginDraft(job(5)), job(5), "description", "mine");
  draft = takeTheirs(draft, "description");
  expect(draftValue(draft, job(6, { description: "theirs" }), "description")).toBe("theirs");
});

test("custom fields travel one by one", () => {
  const live = job(5, { custom_fields: { floor: 3, code: "12" } });
  const draft = touch(beginDraft(live), live, "custom_fields.floor", null);
  expect(patchBody(draft, live)).toEqual({ base_version: 5, custom_fields: { floor: null } });
});

test("a new job is sent without what was left empty", () => {
  let draft = touch(beginDraft(NEW_JOB), NEW_JOB, "client", { name: "Café", external_id: "" });
  draft = touch(draft, NEW_JOB, "description", "");
  draft = touch(draft, NEW_JOB, "contacts", [{ name: "", value: "" }]);
  draft = touch(draft, NEW_JOB, "assignees", [{ worker_id: "w", can_edit: false }]);
  expect(createBody(draft)).toEqual({
    client: { name: "Café" },
    assignees: [{ worker_id: "w", can_edit: false }],
  });
});

test("an instant is the same however it is written", () => {
  const live = job(5, { scheduled_at: "2026-11-24T10:00:00+03:00" });
  const draft = touch(beginDraft(live), live, "scheduled_at", "2026-11-24T07:00:00Z");
  expect(changedFields(draft, live)).toEqual([]);
});

test("nothing is nothing, in every form", () => {
  for (const empty of [null, undefined, "", [], {}, { name: "" }]) expect(same(empty, null)).toBe(true);
  for (const given of [0, false, "0", [0]]) expect(same(given, null)).toBe(false);
});
