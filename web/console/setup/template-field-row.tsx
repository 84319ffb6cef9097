import { FIELD_TYPES, type FieldType } from "../../shared/types";
import { t } from "../i18n/tongue";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import { errorAt, type Trouble } from "../ui/problem";
import type { FieldDraft } from "./template-draft";

interface Props {
  field: FieldDraft;
  place: number;
  trouble: Trouble | null;
  /** null removes it */
  onChange: (field: FieldDraft | null) => void;
}

export function FieldRow({ field, place, trouble, onChange }: Props) {
  const at = `fields.${place}`;
  return (
    <fieldset class="line">
      <legend class="aside">{t("setup.field", { n: place + 1 })}</legend>
      <Field label={t("setup.fieldName")} error={errorAt(trouble, `${at}.name`, `${at}.key`)}>
        {(wiring) => (
          <input
            {...wiring}
            required
            value={field.name}
            onInput={(event) => onChange({ ...field, name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t("setup.fieldType")} error={errorAt(trouble, `${at}.type`)}>
        {(wiring) => (
          <select
            {...wiring}
            value={field.type}
            onChange={(event) => onChange({ ...field, type: event.currentTarget.value as FieldType })}
          >
            {FIELD_TYPES.map((type) => (
              <option key={type} value={type}>
                {t(`setup.types.${type}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("setup.fieldScope")}>
        {(wiring) => (
          <select
            {...wiring}
            value={field.scope}
            onChange={(event) =>
              onChange({ ...field, scope: event.currentTarget.value as FieldDraft["scope"] })
            }
          >
            <option value="report">{t("setup.scopes.report")}</option>
            <option value="custom">{t("setup.scopes.custom")}</option>
          </select>
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={field.required}
          onChange={(event) => onChange({ ...field, required: event.currentTarget.checked })}
        />
        {t("setup.required")}
      </label>
      <button
        type="button"
        class="button icon-only quiet"
        aria-label={t("fields.remove", { what: field.name || t("setup.field", { n: place + 1 }) })}
        onClick={() => onChange(null)}
      >
        <Icon name="close" />
      </button>
      {field.type === "choice" && (
        <Field label={t("setup.options")} error={errorAt(trouble, `${at}.options`)} class="all">
          {(wiring) => (
            <input
              {...wiring}
              required
              value={field.options}
              onInput={(event) => onChange({ ...field, options: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
