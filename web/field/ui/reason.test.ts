import { beforeAll, expect, test, vi } from "vitest";
import type { Problem, Template } from "../../shared/types";

const template: Template = {
  id: "t",
  name: "Boiler",
  version: 1,
  fields: [{ key: "meter", name: "Показание", type: "number", scope: "report", required: true }],
};

let reasonWords: (problem: Problem | undefined, template: Template | undefined) => string;
let speakIn: (language: "en" | "ru") => void;

beforeAll(async () => {
  vi.stubGlobal("localStorage", { getItem: () => "en", setItem: () => {} });
  ({ reasonWords } = await import("./reason"));
  ({ speakIn } = await import("../i18n"));
});

function problem(slug: string, over: Partial<Problem> = {}): Problem {
  return { type: `urn:naryad:problem:${slug}`, title: "Title", status: 409, detail: "Detail.", ...over };
}

test.each([
  [problem("impossible-transition", { state: "canceled" }), "The job is Canceled by now."],
  [
    problem("report-incomplete", { errors: [{ pointer: "/report/meter", detail: "required" }] }),
    "Required fields of the report were empty. Показание",
  ],
  [
    problem("invalid-operation", { errors: [{ pointer: "/fields/meter", detail: "too long" }] }),
    "A value does not fit its field. Показание",
  ],
  [
    problem("invalid-operation", { errors: [{ pointer: "/type", detail: "unknown" }] }),
    "A value does not fit its field.",
  ],
  [problem("job-gone"), "The job was taken away or deleted meanwhile."],
  [problem("unheard-of"), "The server refused: Detail."],
])("a refusal is told in the worker's words: %#", (refused, words) => {
  expect(reasonWords(refused, template)).toBe(words);
});

test("and in Russian", () => {
  speakIn("ru");
  expect(reasonWords(problem("impossible-transition", { state: "canceled" }), template)).toBe(
    "Наряд уже в состоянии «Отменён».",
  );
});
