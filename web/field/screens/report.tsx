import type { Job, Template, TemplateField } from "../../shared/types";
import { t } from "../i18n";
import type { Shown } from "../sync/held";
import { Fact } from "../ui/facts";
import { valueWords } from "../ui/values";
import { ReportField } from "./report-field";

/** The report by the template. Each field is kept while it is typed. */
export function ReportForm({ shown, template }: { shown: Shown; template: Template | undefined }) {
  const fields = typedFields(template);
  if (fields.length === 0) return null;
  return (
    <section class="card report">
      <h2>{t("job.report")}</h2>
      {fields.map((one) => (
        <ReportField key={one.key} field={one} shown={shown} />
      ))}
    </section>
  );
}

/** What was filled in, to be read; also what the template no longer knows. */
export function ReportView({ job, template }: { job: Job; template: Template | undefined }) {
  const filled = Object.entries(job.report ?? {});
  if (filled.length === 0) return null;
  const fields = typedFields(template);
  return (
    <section class="card report">
      <h2>{t("job.report")}</h2>
      <dl class="facts">
        {filled.map(([key, value]) => {
          const field = fields.find((one) => one.key === key);
          return (
            <Fact name={field?.name ?? key} key={key}>
              {valueWords(value, field)}
            </Fact>
          );
        })}
      </dl>
    </section>
  );
}

/** Photos and signatures travel as files, not as values of the report. */
function typedFields(template: Template | undefined): TemplateField[] {
  const fields = template?.fields ?? [];
  return fields.filter(({ scope, type }) => scope === "report" && type !== "photo" && type !== "signature");
}
