import type { Template, TemplateField } from "../../shared/types";
import { t } from "../i18n";
import type { Shown } from "../sync/held";
import { Fact } from "../ui/facts";
import { valueWords } from "../ui/values";
import { PhotoField } from "./photo-field";
import { Photos, photosOf } from "./photos";
import { ReportField } from "./report-field";

/** The report by the template. Each field is kept while it is typed. */
export function ReportForm({ shown, template }: { shown: Shown; template: Template | undefined }) {
  const fields = reportFields(template);
  if (fields.length === 0) return null;
  return (
    <section class="card report">
      <h2>{t("job.report")}</h2>
      {fields.map((one) =>
        one.type === "photo" ? (
          <PhotoField key={one.key} field={one} shown={shown} />
        ) : (
          <ReportField key={one.key} field={one} shown={shown} />
        ),
      )}
    </section>
  );
}

/** The photos of a job whose report another worker fills in: everybody who has it may take some. */
export function PhotosForm({ shown, template }: { shown: Shown; template: Template | undefined }) {
  const fields = reportFields(template).filter((one) => one.type === "photo");
  if (fields.length === 0) return null;
  return (
    <section class="card report">
      <h2>{t("job.photos")}</h2>
      {fields.map((one) => (
        <PhotoField key={one.key} field={one} shown={shown} />
      ))}
    </section>
  );
}

interface ReportViewProps {
  shown: Shown;
  template: Template | undefined;
  /** Photos are shown elsewhere. */
  wordsOnly?: boolean;
}

/** What was filled in, to be read; also what the template no longer knows. */
export function ReportView({ shown, template, wordsOnly }: ReportViewProps) {
  const filled = Object.entries(shown.job.report ?? {});
  const fields = reportFields(template);
  const pictured = wordsOnly ? [] : fields.filter((one) => photosOf(shown, one.key).length > 0);
  if (filled.length + pictured.length === 0) return null;
  return (
    <section class="card report">
      <h2>{t("job.report")}</h2>
      {pictured.map((one) => (
        <div key={one.key}>
          <h3>{one.name}</h3>
          <Photos field={one} shown={shown} writable={false} />
        </div>
      ))}
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

/** Signatures are drawn elsewhere. */
function reportFields(template: Template | undefined): TemplateField[] {
  return (template?.fields ?? []).filter(({ scope, type }) => scope === "report" && type !== "signature");
}
