import { expect, test } from "vitest";
import type { Template, User } from "../../shared/types";
import { createTongue } from "../i18n/tongue";
import { fieldName, fieldValue, type Speaker } from "./say";

const template: Template = {
  id: "t",
  name: "Boiler",
  version: 1,
  fields: [
    { key: "meter", name: "Показание счётчика", type: "number", scope: "report", required: true },
    { key: "sealed", name: "Sealed", type: "yes_no", scope: "report", required: false },
    { key: "floor", name: "Этаж", type: "number", scope: "custom", required: false },
  ],
};
const ivan: User = { id: "i", login: "ivan", name: "Ivan", role: "worker", active: true };
const olga: User = { id: "o", login: "olga", name: "Olga", role: "worker", active: true };

function speaker(language: "en" | "ru"): Speaker {
  const tongue = createTongue(language);
  return {
    tongue,
    clock: { zone: "Europe/Moscow", locale: tongue.locale, now: Date.parse("2026-11-24T09:00:00Z") },
    user: (id) => [ivan, olga].find((one) => one.id === id),
    template: (id) => (id === "t" ? template : undefined),
  };
}

test("template fields have the template's names", () => {
  expect(fieldName("report.meter", template, speaker("en"))).toBe("Показание счётчика");
  expect(fieldName("custom_fields.floor", template, speaker("ru"))).toBe("Этаж");
  expect(fieldName("report.unknown", template, speaker("en"))).toBe("unknown");
});

test("plan fields have the reader's names", () => {
  expect(fieldName("scheduled_at", undefined, speaker("ru"))).toBe("Назначенное время");
  expect(fieldName("client", undefined, speaker("en"))).toBe("Client");
  expect(fieldName("client.name", undefined, speaker("en"))).toBe("Client");
});

test.each([
  ["state", "suspended", "Paused", "Приостановлен"],
  ["scheduled_at", "2026-11-24T07:00:00Z", "10:00", "10:00"],
  ["scheduled_duration", 90, "1 h 30 min", "1 ч 30 мин"],
  ["report.sealed", false, "No", "Нет"],
  ["report.meter", 12345.5, "12345.5", "12345,5"],
  ["template_id", "t", "Boiler", "Boiler"],
  ["description", null, "empty", "пусто"],
  ["assignees", [], "Unassigned", "Не назначен"],
  ["client", { name: "Café", external_id: "C-1" }, "Café (C-1)", "Café (C-1)"],
])("%s %j is said in words", (name, value, english, russian) => {
  expect(fieldValue(name, value, template, speaker("en"))).toBe(english);
  expect(fieldValue(name, value, template, speaker("ru"))).toBe(russian);
});

test("of several assignees the one in charge is named", () => {
  const both = [
    { worker_id: "i", can_edit: false },
    { worker_id: "o", can_edit: true },
  ];
  expect(fieldValue("assignees", both, undefined, speaker("en"))).toBe("Ivan, Olga (in charge)");
});
