import type { Job, TemplateField } from "../../shared/types";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { stamp } from "../time/words";
import { Fact } from "./details";
import { templateValue } from "./say";

/** What came back from the field: the report, how it ended, comments. */
export function ReportView({ job }: { job: Job }) {
  const speak = speaker.value;
  const template = job.template_id ? speak.template(job.template_id) : undefined;
  const fields = template?.fields?.filter((field) => field.scope === "report" && !isPhoto(field)) ?? [];
  const values = job.report ?? {};
  const unknown = Object.keys(values).filter((key) => !fields.some((field) => field.key === key));
  if (fields.length + unknown.length === 0 && !job.resolution && !job.comments?.length) {
    return null;
  }
  return (
    <section aria-labelledby="report-title">
      <h3 id="report-title">{t("job.report")}</h3>
      <dl class="facts">
        {job.resolution && <Fact name={t("fields.resolution")}>{job.resolution.name}</Fact>}
        {fields.map((field) => (
          <Fact key={field.key} name={field.name}>
            {values[field.key] === undefined ? (
              <span class="soft">{t("job.empty")}</span>
            ) : (
              templateValue(field, values[field.key], speak)
            )}
          </Fact>
        ))}
        {unknown.map((key) => (
          <Fact key={key} name={key}>
            {templateValue(undefined, values[key], speak)}
          </Fact>
        ))}
      </dl>
      {!!job.comments?.length && (
        <ul class="comments" aria-label={t("job.comments")}>
          {job.comments.map((one) => (
            <li key={one.id}>
              <strong>{speak.user(one.author_id)?.name}</strong>{" "}
              <span class="soft">{stamp(one.happened_at, speak.clock)}</span>
              <p class="text">{one.text}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function isPhoto(field: TemplateField): boolean {
  return field.type === "photo" || field.type === "signature";
}
