import { expect, test } from "vitest";
import { BLANK_FIELD, templateBody } from "./template-draft";

test("keys are made from names, each once in its scope", () => {
  const field = { ...BLANK_FIELD, name: "Показание счётчика, м³" };
  const { fields } = templateBody({
    name: " Boiler ",
    fields: [field, field, { ...field, scope: "custom" }, { ...BLANK_FIELD, name: "№" }],
    resolutions: [],
  });
  expect(fields.map(({ key }) => key)).toEqual([
    "показание_счётчика_м",
    "показание_счётчика_м_2",
    "показание_счётчика_м",
    "field",
  ]);
  for (const { key } of fields) expect(key).toMatch(/^[A-Za-zА-Яа-яЁё0-9_-]{1,64}$/);
});

test("only a choice has options", () => {
  const { fields } = templateBody({
    name: "x",
    fields: [
      { ...BLANK_FIELD, name: "a", type: "choice", options: "one, two,, " },
      { ...BLANK_FIELD, name: "b", options: "left over" },
    ],
    resolutions: [],
  });
  expect(fields[0]).toMatchObject({ options: ["one", "two"] });
  expect(fields[1]).not.toHaveProperty("options");
});
