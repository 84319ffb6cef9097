import type { FieldType } from "../../shared/types";

/** A template being made, as the form holds it. */
export interface TemplateDraft {
  name: string;
  fields: FieldDraft[];
  resolutions: ResolutionDraft[];
}

export interface FieldDraft {
  name: string;
  type: FieldType;
  scope: "report" | "custom";
  required: boolean;
  /** Choices, separated by commas. */
  options: string;
}

export interface ResolutionDraft {
  name: string;
  successful: boolean;
}

export function blankTemplate(resolutions: ResolutionDraft[]): TemplateDraft {
  return { name: "", fields: [], resolutions };
}

export const BLANK_FIELD: FieldDraft = {
  name: "",
  type: "text",
  scope: "report",
  required: false,
  options: "",
};

/** The body of `POST /v1/templates`: keys are made from names, each once in its scope. */
export function templateBody(draft: TemplateDraft) {
  const taken = new Set<string>();
  return {
    name: draft.name.trim(),
    fields: draft.fields.map(({ options, ...field }) => ({
      ...field,
      key: freeKey(field.name, field.scope, taken),
      ...(field.type === "choice" && { options: splitOptions(options) }),
    })),
    resolutions: draft.resolutions.map(({ name, successful }) => ({ name: name.trim(), successful })),
  };
}

function splitOptions(text: string): string[] {
  return text
    .split(",")
    .map((option) => option.trim())
    .filter(Boolean);
}

/** "Показание счётчика" → "показание_счётчика"; a second one of the same name gets a number. */
function freeKey(name: string, scope: string, taken: Set<string>): string {
  const base =
    name
      .trim()
      .toLowerCase()
      .replace(/[^a-zа-яё0-9]+/g, "_")
      .replace(/^_|_$/g, "")
      .slice(0, 60) || "field";
  let key = base;
  for (let n = 2; taken.has(`${scope}.${key}`); n++) key = `${base}_${n}`;
  taken.add(`${scope}.${key}`);
  return key;
}
