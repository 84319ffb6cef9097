import type { Operation, Template } from "../../shared/types";
import { stateWord, t } from "../i18n";
import { valueWords } from "./values";

/** A piece of the worker's work in words, a line each. */
export function workWords(work: Operation, template: Template | undefined): string[] {
  switch (work.type) {
    case "set_state": {
      const resolution = template?.resolutions?.find(({ id }) => id === work.resolution_id);
      return [[stateWord(work.state), resolution?.name].filter(Boolean).join(": ")];
    }
    case "set_report":
      return Object.entries(work.fields).map(([key, value]) => {
        const field = template?.fields?.find((one) => one.scope === "report" && one.key === key);
        return `${field?.name ?? key}: ${valueWords(value, field)}`;
      });
    case "add_comment":
      return [t("work.comment", { text: work.comment.text })];
    case "add_photo":
      return [t("work.photo")];
    case "remove_photo":
      return [t("work.photo-removed")];
    default:
      return work satisfies never;
  }
}

/** The name of a field by its merge name: `report.meter`. */
export function fieldWords(name: string, template: Template | undefined): string {
  if (name === "state") return t("move.label");
  const [scope, key] = name.split(".");
  const wanted = scope === "report" ? "report" : "custom";
  return template?.fields?.find((one) => one.scope === wanted && one.key === key)?.name ?? key ?? name;
}
