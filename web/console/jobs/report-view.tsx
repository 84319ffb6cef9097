import type { Job, Photo, TemplateField } from "../../shared/types";
import { t } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { speaker } from "../people/directory";
import { stamp } from "../time/words";
import { Fact } from "./details";
import { templateValue } from "./say";

/** What came back from the field: the report, how it ended, photos, comments. */
export function ReportView({ job }: { job: Job }) {
  const speak = speaker.value;
  const template = job.template_id ? speak.template(job.template_id) : undefined;
  const fields = template?.fields?.filter((field) => field.scope === "report" && !isPhoto(field)) ?? [];
  const values = job.report ?? {};
  const unknown = Object.keys(values).filter((key) => !fields.some((field) => field.key === key));
  const photos = job.photos ?? [];
  if (fields.length + unknown.length + photos.length === 0 && !job.resolution && !job.comments?.length) {
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
        {photos.length > 0 && (
          <Fact name={t("job.photos")}>
            <ul>
              {photos.map((photo) => (
                <li key={photo.id}>{sayPhoto(photo, template?.fields ?? [])}</li>
              ))}
            </ul>
          </Fact>
        )}
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

function sayPhoto(photo: Photo, fields: readonly TemplateField[]): string {
  const name = fields.find((field) => field.key === photo.field)?.name ?? photo.field;
  const size = fileSize(photo.size, speaker.value.tongue);
  switch (photo.state) {
    case "expected":
      return `${name}: ${t("job.photoExpected", { size })}`;
    case "available":
      return `${name}: ${t("job.photoAvailable")}`;
    case "failed":
      return [`${name}: ${t("job.photoFailed")}`, photo.reason].filter(Boolean).join(", ");
  }
}
