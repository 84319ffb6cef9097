import type { Template } from "../../shared/types";
import { t } from "../i18n/tongue";
import { templates } from "../people/directory";
import { whoever } from "../session/session";
import { NewTemplate } from "./new-template";

/** What workers fill in and how their work may end, and adding one more kind of work. */
export function TemplatesPart() {
  const admin = whoever().user.role === "admin";
  const all = [...templates.value.values()];
  return (
    <div class="columns">
      <section aria-labelledby="templates-title">
        <h2 id="templates-title">{t("setup.templates")}</h2>
        {all.length === 0 && <p class="soft">{t("setup.noTemplates")}</p>}
        {all.map((one) => (
          <TemplateCard key={one.id} template={one} />
        ))}
      </section>
      <section aria-labelledby="new-template-title">
        <h2 id="new-template-title">{t("setup.newTemplate")}</h2>
        {admin ? <NewTemplate /> : <p class="soft">{t("setup.onlyAdmins")}</p>}
      </section>
    </div>
  );
}

function TemplateCard({ template }: { template: Template }) {
  const fields = template.fields ?? [];
  return (
    <article class="template" aria-label={template.name}>
      <h3>{template.name}</h3>
      {fields.length > 0 && (
        <table class="sheet">
          <thead class="aside">
            <tr>
              <th scope="col">{t("setup.fieldName")}</th>
              <th scope="col">{t("setup.fieldType")}</th>
              <th scope="col">{t("setup.fieldScope")}</th>
              <th scope="col">{t("setup.required")}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={`${field.scope}.${field.key}`}>
                <th scope="row">{field.name}</th>
                <td>
                  {t(`setup.types.${field.type}`)}
                  {field.options?.length ? <span class="soft"> ({field.options.join(", ")})</span> : null}
                </td>
                <td>{t(`setup.scopes.${field.scope}`)}</td>
                <td>{field.required && t("setup.required")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        <span class="soft">{t("setup.resolutions")}:</span>{" "}
        {(template.resolutions ?? [])
          .map((one) => `${one.name} (${t(one.successful ? "actions.successful" : "actions.unsuccessful")})`)
          .join(", ") || t("job.empty")}
      </p>
    </article>
  );
}
