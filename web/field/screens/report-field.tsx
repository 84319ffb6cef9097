import type { Job, Template, TemplateField, Value } from "../../shared/types";
import { toInstant, toWall } from "../../shared/zone";
import { act } from "../app";
import { language, t } from "../i18n";
import { zone } from "../phone";
import type { Shown } from "../sync/held";
import { UnsentMark } from "../ui/state";
import { Typed } from "../ui/typed";

export function reportFieldId(field: TemplateField): string {
  return `report-${field.key}`;
}

/** The required report fields that are still empty. */
export function missingFields(job: Job, template: Template | undefined): TemplateField[] {
  const required = template?.fields?.filter((one) => one.scope === "report" && one.required) ?? [];
  return required.filter(({ key, type }) => {
    if (type === "photo" || type === "signature") return !job.photos?.some((one) => one.field === key);
    const value = job.report?.[key];
    return value === undefined || value === null || value === "";
  });
}

/** One field of the report, kept as it is filled in. */
export function ReportField({ field, shown: { job, unsent } }: { field: TemplateField; shown: Shown }) {
  const value = job.report?.[field.key] ?? null;
  const props = {
    id: reportFieldId(field),
    field,
    value,
    commit: (next: Value) => {
      if (next !== value) void act(job.id, { type: "set_report", fields: { [field.key]: next } });
    },
  };
  const mark = unsent.has(`report.${field.key}`) && <UnsentMark />;
  if (field.type === "yes_no") {
    return (
      <div class="field">
        <YesNo {...props} />
        {mark}
      </div>
    );
  }
  return (
    <div class="field">
      <label for={props.id}>
        <FieldName field={field} />
      </label>
      <Input {...props} />
      {mark}
    </div>
  );
}

export function FieldName({ field }: { field: TemplateField }) {
  return (
    <>
      {field.name}
      {field.required && <span class="required"> · {t("job.required")}</span>}
    </>
  );
}

interface InputProps {
  id: string;
  field: TemplateField;
  value: Value;
  commit: (value: Value) => void;
}

function Input({ id, field, value, commit }: InputProps) {
  const required = field.required;
  const keep = (next: Value) => {
    commit(next);
    return "";
  };
  switch (field.type) {
    case "choice":
      return <Choice id={id} field={field} value={value} commit={commit} />;
    case "number":
      return (
        <Typed
          id={id}
          kind="number"
          required={required}
          value={value === null ? "" : numberText(value)}
          commit={(text) => {
            const number = text === "" ? null : Number(text.replace(/[\s\u00a0]/g, "").replace(",", "."));
            if (Number.isNaN(number) || number === Number.POSITIVE_INFINITY) return t("job.not-a-number");
            commit(number);
            return "";
          }}
        />
      );
    case "datetime":
      return (
        <Typed
          id={id}
          kind="datetime-local"
          required={required}
          value={wallText(value)}
          commit={(text) => keep(instantOf(text))}
        />
      );
    default:
      return (
        <Typed
          id={id}
          kind={field.type === "date" || field.type === "time" ? field.type : "text"}
          required={required}
          value={String(value ?? "")}
          commit={(text) => keep(text.trim() || null)}
        />
      );
  }
}

function Choice({ id, field, value, commit }: InputProps) {
  const options = field.options ?? [];
  const chosen = String(value ?? "");
  return (
    <select
      id={id}
      value={chosen}
      aria-required={field.required}
      onChange={(event) => commit(event.currentTarget.value || null)}
    >
      <option value="">{t("job.choose")}</option>
      {[...new Set([...options, chosen])].filter(Boolean).map((one) => (
        <option value={one} key={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

function YesNo({ id, field, value, commit }: InputProps) {
  return (
    <fieldset class="yes-no">
      <legend>
        <FieldName field={field} />
      </legend>
      <div class="choice">
        {[true, false].map((one) => (
          <label key={String(one)}>
            <input
              id={one ? id : undefined}
              type="radio"
              name={id}
              checked={value === one}
              onChange={() => commit(one)}
            />
            <span>{t(one ? "job.yes" : "job.no")}</span>
          </label>
        ))}
      </div>
      {value !== null && (
        <button type="button" class="quiet" onClick={() => commit(null)}>
          {t("job.clear")}
        </button>
      )}
    </fieldset>
  );
}

function numberText(value: Value): string {
  const text = String(value);
  return language.value === "ru" ? text.replace(".", ",") : text;
}

/** On the worker's wall clock, as the input wants it. */
function wallText(value: Value): string {
  if (typeof value !== "string" || Number.isNaN(Date.parse(value))) return "";
  const { date, time } = toWall(value, zone.value);
  return `${date}T${time}`;
}

function instantOf(text: string): Value {
  const [date, time] = text.split("T");
  return date && time ? toInstant({ date, time: time.slice(0, 5) }, zone.value) : null;
}
