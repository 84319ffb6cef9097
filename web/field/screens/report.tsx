import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Template, TemplateField, Value } from "../../shared/types";
import { act } from "../app";
import { t } from "../i18n";
import type { Shown } from "../sync/held";

/** The report by the template. Each field is kept as soon as it is left. */
export function ReportForm({ shown, template }: { shown: Shown; template: Template | undefined }) {
  const fields = template?.fields?.filter((one) => one.scope === "report" && isTyped(one)) ?? [];
  if (fields.length === 0) return null;
  return (
    <section class="card report">
      <h2>{t("job.report")}</h2>
      {fields.map((one) => (
        <Field key={one.key} field={one} shown={shown} />
      ))}
    </section>
  );
}

/** Photos and signatures travel as files, not as values of the report. */
function isTyped(field: TemplateField): boolean {
  return field.type !== "photo" && field.type !== "signature";
}

function Field({ field, shown: { job, unsent } }: { field: TemplateField; shown: Shown }) {
  const value = job.report?.[field.key] ?? null;
  const id = `report-${field.key}`;

  function commit(next: Value): void {
    if (next === value) return;
    void act(job.id, { type: "set_report", fields: { [field.key]: next } });
  }

  return (
    <div class="field">
      <label for={id}>
        {field.name}
        {field.required && <span class="required"> · {t("job.required")}</span>}
      </label>
      <Input id={id} field={field} value={value} commit={commit} />
      {unsent.has(`report.${field.key}`) && <span class="unsent">{t("jobs.unsent")}</span>}
    </div>
  );
}

interface InputProps {
  id: string;
  field: TemplateField;
  value: Value;
  commit: (value: Value) => void;
}

function Input({ id, field, value, commit }: InputProps) {
  switch (field.type) {
    case "yes_no":
      return (
        <Choice
          id={id}
          value={value === null ? "" : String(value)}
          options={[
            ["true", t("job.yes")],
            ["false", t("job.no")],
          ]}
          commit={(chosen) => commit(chosen === "" ? null : chosen === "true")}
        />
      );
    case "choice":
      return (
        <Choice
          id={id}
          value={String(value ?? "")}
          options={(field.options ?? []).map((one) => [one, one])}
          commit={(chosen) => commit(chosen || null)}
        />
      );
    case "number":
      return (
        <Typed
          id={id}
          type="number"
          value={value}
          commit={(text) => commit(text === "" ? null : Number(text))}
        />
      );
    case "date":
    case "time":
      return <Typed id={id} type={field.type} value={value} commit={(text) => commit(text || null)} />;
    case "datetime":
      return (
        <Typed id={id} type="datetime-local" value={local(value)} commit={(text) => commit(instant(text))} />
      );
    default:
      return <Typed id={id} type="text" value={value} commit={(text) => commit(text.trim() || null)} />;
  }
}

function Choice(props: {
  id: string;
  value: string;
  options: [string, string][];
  commit: (chosen: string) => void;
}) {
  return (
    <select id={props.id} value={props.value} onChange={(event) => props.commit(event.currentTarget.value)}>
      <option value="">{t("job.choose")}</option>
      {props.options.map(([value, words]) => (
        <option value={value} key={value}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** A typed value. What is being typed is never overwritten by news from the server. */
function Typed(props: {
  id: string;
  type: "text" | "number" | "date" | "time" | "datetime-local";
  value: Value;
  commit: (text: string) => void;
}) {
  const text = useSignal(String(props.value ?? ""));
  const typing = useSignal(false);
  useEffect(() => {
    if (!typing.value) text.value = String(props.value ?? "");
  }, [props.value]);
  return (
    <input
      id={props.id}
      type={props.type as "text"}
      inputMode={props.type === "number" ? "decimal" : undefined}
      step={props.type === "number" ? "any" : undefined}
      maxLength={10_000}
      value={text.value}
      onInput={(event) => {
        typing.value = true;
        text.value = event.currentTarget.value;
      }}
      onChange={(event) => {
        typing.value = false;
        if (event.currentTarget.validity.valid) props.commit(event.currentTarget.value);
      }}
    />
  );
}

function local(value: Value): string {
  if (typeof value !== "string") return "";
  const date = new Date(value);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instant(text: string): Value {
  return text ? new Date(text).toISOString() : null;
}
