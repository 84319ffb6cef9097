import type { TemplateField, Value } from "../../shared/types";
import { language, t } from "../i18n";
import { zone } from "../phone";
import { moment } from "./time";

/** A value of a custom or report field in words. */
export function valueWords(value: Value | undefined, field?: TemplateField): string {
  if (value === null || value === undefined || value === "") return t("work.empty");
  if (typeof value === "boolean") return t(value ? "job.yes" : "job.no");
  if (typeof value === "number") {
    return new Intl.NumberFormat(language.value, { maximumFractionDigits: 20 }).format(value);
  }
  if (field?.type === "datetime") return moment(value, zone.value);
  if (field?.type === "date") return dateWords(value);
  return value;
}

function dateWords(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return date;
  return new Intl.DateTimeFormat(language.value === "en" ? "en-GB" : "ru-RU", {
    timeZone: "UTC",
    dateStyle: "long",
  }).format(at);
}
