import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import type { Editable } from "./draft";
import type { Binding } from "./form-binding";
import { fieldValue } from "./say";

/** Somebody changed the field while it was being edited: both values, and the choice. */
export function MarkNote({ of: binding, field }: { of: Binding; field: Editable }) {
  const mark = binding.mark(field);
  if (!mark) return null;
  const speak = speaker.value;
  const templateId = binding.value("template_id");
  const template = typeof templateId === "string" ? speak.template(templateId) : undefined;
  const who = binding.changedBy(field);
  return (
    <div role="status" class="mark-note">
      <strong>{who ? t("merge.changedMeanwhile", { who }) : t("merge.changedBySomeone")}</strong>
      <span>{t("merge.theirs", { value: fieldValue(field, mark.theirs, template, speak) })}</span>
      <span>{t("merge.mine", { value: fieldValue(field, mark.mine, template, speak) })}</span>
      <span class="buttons">
        <button type="button" class="button small" onClick={() => binding.keepMine(field)}>
          {t("merge.keepMine")}
        </button>
        <button type="button" class="button small" onClick={() => binding.takeTheirs(field)}>
          {t("merge.takeTheirs")}
        </button>
      </span>
    </div>
  );
}
