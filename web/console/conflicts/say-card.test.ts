import { expect, test } from "vitest";
import type { Conflict, Template } from "../../shared/types";
import { createTongue, isKey } from "../i18n/tongue";
import type { Speaker } from "../jobs/say";
import { hasOther, sayLines, sayRaw, sayWhy } from "./say-card";

const template: Template = {
  id: "t",
  name: "Boiler",
  version: 1,
  fields: [
    { key: "meter", name: "Показание", type: "number", scope: "report", required: true },
    { key: "before", name: "Фото до", type: "photo", scope: "report", required: false },
  ],
};

function speaker(language: "en" | "ru"): Speaker {
  const tongue = createTongue(language);
  return {
    tongue,
    clock: { zone: "Europe/Moscow", locale: tongue.locale, now: Date.parse("2026-11-24T09:00:00Z") },
    user: () => undefined,
    template: () => template,
  };
}

function card(over: Partial<Conflict>): Conflict {
  return {
    id: "c",
    kind: "overrode",
    job: { id: "j", number: 4, template_id: "t" },
    worker_id: "i",
    device_id: "d",
    operation: { id: "o", type: "set_report", job_id: "j", base_version: 1, happened_at: "x", fields: {} },
    fields: { "report.meter": { taken: 2, refused: null } },
    happened_at: "2026-11-24T07:00:00Z",
    recorded_at: "2026-11-24T08:00:00Z",
    ...over,
  };
}

test("both values are said in the reader's words", () => {
  expect(sayLines(card({}), template, speaker("en"))).toEqual([
    { name: "Показание", taken: "In the job: 2", refused: "Replaced: empty" },
  ]);
  const state = { state: { taken: "canceled", refused: "started" } };
  expect(sayLines(card({ kind: "rejected", fields: state }), template, speaker("ru"))).toEqual([
    { name: "Состояние", taken: "В наряде: Отменён", refused: "У исполнителя: Начат" },
  ]);
});

test("of a settled card it is said what was in the job then", () => {
  const [line] = sayLines(
    card({ resolved_at: "2026-11-24T08:01:00Z", take: "other" }),
    template,
    speaker("en"),
  );
  expect(line?.taken).toBe("In the job then: 2");
});

test("comments and photos are said by what they are, not by their ids", () => {
  const fields = {
    "comments.1": { taken: { id: "1", text: "Нужен кран" }, refused: null },
    "photos.2": { taken: { id: "2", field: "before", size: 812_345 }, refused: null },
  };
  const said = sayLines(card({ kind: "late", fields }), template, speaker("en"));
  expect(said.map((line) => line.taken)).toEqual(["In the job: Нужен кран", "In the job: Фото до, 0.8 MB"]);
});

test("a refusal tells why, and of which fields", () => {
  const problem = {
    type: "urn:naryad:problem:report-incomplete",
    title: "Required report fields are empty",
    status: 422,
    errors: [{ pointer: "/report/meter", detail: "required" }],
  };
  expect(sayWhy(card({ kind: "rejected", problem }), template, speaker("en"))).toBe(
    "Required fields of the report were empty. Показание",
  );
  const unreadable = {
    type: "urn:naryad:problem:invalid-operation",
    title: "The operation is not valid",
    status: 422,
    detail: "type: unknown type of operation: 'set_mood'",
    errors: [{ pointer: "/type", detail: "unknown" }],
  };
  expect(sayWhy(card({ kind: "rejected", problem: unreadable }), template, speaker("en"))).toBe(
    "The phone sent something that does not fit. (type: unknown type of operation: 'set_mood')",
  );
  const unheard = { type: "urn:naryad:problem:new", title: "New", status: 409, detail: "Something new" };
  expect(sayWhy(card({ kind: "rejected", problem: unheard }), template, speaker("ru"))).toBe(
    "New. Something new",
  );
});

test("what could not be read is shown as it came", () => {
  const operation = { id: "o", type: "set_mood", job_id: 5, base_version: "?", mood: "хорошее" };
  expect(JSON.parse(sayRaw(card({ kind: "rejected", fields: {}, operation })) ?? "")).toEqual({
    type: "set_mood",
    mood: "хорошее",
  });
  expect(sayRaw(card({}))).toBeNull();
});

test("the other value can be taken where the desk can write it", () => {
  expect(hasOther(card({}))).toBe(true);
  expect(hasOther(card({ job: null }))).toBe(false);
  for (const name of ["state", "photos.1", "comments.1", "resolution"]) {
    expect(hasOther(card({ fields: { [name]: { taken: 1, refused: 2 } } })), name).toBe(false);
  }
});

test("every reason for a refusal has words", () => {
  const slugs =
    "impossible-transition job-gone job-not-found not-editor resolution-required report-incomplete invalid-operation date-required invalid-request";
  for (const slug of slugs.split(" ")) expect(isKey(`conflicts.problems.${slug}`), slug).toBe(true);
});
