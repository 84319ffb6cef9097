import type { Value } from "../../shared/types";
import { language, t } from "../i18n";

/** A value of a custom or report field in words. */
export function valueWords(value: Value): string {
  if (typeof value === "boolean") return t(value ? "job.yes" : "job.no");
  if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
  return value ?? "";
}
