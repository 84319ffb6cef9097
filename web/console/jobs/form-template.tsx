import type { Id, TemplateField } from "../../shared/types";
import { toInstant, toWall } from "../../shared/zone";
import { t } from "../i18n/tongue";
import { templates } from "../people/directory";
import { zone } from "../session/account";
import { Field } from "../ui/field";
import type { Editable } from "./draft";
import type { Binding } from "./form-binding";
import { MarkNote } from "./form-mark";

interface Props {
  of: Binding;
  templateId: Id;
  scope: "custom" | "report";
}

/** The template's own fields: the dispatcher's, and the report, which a dispatcher may fill in for a worker. */
export function TemplateFields({ of: binding, templateId, scope }: Props) {
  const fields = (templates.value.get(templateId)?.fields ?? []).filter(
    (field) => field.scope === scope && field.type !== "photo" && field.type !== "signature",
  );
  if (fields.length === 0) return null;
  return (
    <fieldset class="pairs">
      <legend>{t(scope === "report" ? "job.report" : "fields.custom_fields")}</legend>
      {fields.map((field) => (
        <OneField key={field.key} of={binding} field={field} />
      ))}
    </fieldset>
  );
}

function OneField({ of: binding, field }: { of: Binding; field: TemplateField }) {
  const name: Editable = `${field.scope === "report" ? "report" : "custom_fields"}.${field.key}`;
  const value = binding.value(name);
  const set = (next: unknown) => binding.set(name, next);
  return (
    <Field label={field.name} error={binding.error(name)} after={<MarkNote of={binding} field={name} />}>
      {(wiring) => {
        switch (field.type) {
          case "yes_no":
            return (
              <select
                {...wiring}
                value={typeof value === "boolean" ? String(value) : ""}
                onChange={({ currentTarget: { value: chosen } }) =>
                  set(chosen === "" ? null : chosen === "true")
                }
              >
                <option value="">{t("fields.choose")}</option>
                <option value="true">{t("job.yes")}</option>
                <option value="false">{t("job.no")}</option>
              </select>
            );
          case "choice":
            return (
              <select
                {...wiring}
                value={typeof value === "string" ? value : ""}
                onChange={({ currentTarget: { value: chosen } }) => set(chosen || null)}
              >
                <option value="">{t("fields.choose")}</option>
                {field.options?.map((option) => (
                  <option key={option} value={option}>
                    {option}
                  </option>
                ))}
              </select>
            );
          case "number":
            return (
              <input
                {...wiring}
                type="number"
                step="any"
                value={typeof value === "number" ? value : ""}
                onInput={({ currentTarget: input }) => {
                  if (!input.validity.badInput) set(input.value === "" ? null : input.valueAsNumber);
                }}
              />
            );
          case "datetime":
            return (
              <input
                {...wiring}
                type="datetime-local"
                value={local(value)}
                onChange={({ currentTarget: { value: chosen } }) => {
                  const [date, time] = chosen.split("T");
                  set(date && time ? toInstant({ date, time: time.slice(0, 5) }, zone.value) : null);
                }}
              />
            );
          case "date":
          case "time":
            return (
              <input
                {...wiring}
                type={field.type}
                value={typeof value === "string" ? value : ""}
                onInput={(event) => set(event.currentTarget.value || null)}
              />
            );
          case "text":
            return (
              <input
                {...wiring}
                value={typeof value === "string" ? value : ""}
                onInput={(event) => set(event.currentTarget.value || null)}
              />
            );
          case "photo":
          case "signature":
            return null; // they come from the phone
        }
      }}
    </Field>
  );
}

function local(value: unknown): string {
  if (typeof value !== "string" || Number.isNaN(Date.parse(value))) return "";
  const { date, time } = toWall(value, zone.value);
  return `${date}T${time}`;
}
