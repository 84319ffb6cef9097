import { t } from "../i18n/tongue";
import { templates } from "../people/directory";
import { Field } from "../ui/field";
import type { Editable } from "./draft";
import { AssigneesField } from "./form-assignees";
import type { Binding } from "./form-binding";
import { ContactsField } from "./form-contacts";
import { MarkNote } from "./form-mark";
import { TemplateFields } from "./form-template";
import { WhenField } from "./form-when";

/** All that a dispatcher may write about a job; for a new one and for an edit alike. */
export function JobFields({ of: binding, isNew = false }: { of: Binding; isNew?: boolean }) {
  const templateId = text(binding.value("template_id"));
  return (
    <>
      <Member of={binding} field="client" member="name" focus={isNew} />
      <MarkNote of={binding} field="client" />
      <Member of={binding} field="address" member="formatted" />
      <MarkNote of={binding} field="address" />
      <Field
        label={t("fields.description")}
        error={binding.error("description")}
        after={<MarkNote of={binding} field="description" />}
      >
        {(wiring) => (
          <textarea
            {...wiring}
            rows={3}
            value={text(binding.value("description"))}
            onInput={(event) => binding.set("description", event.currentTarget.value)}
          />
        )}
      </Field>
      <WhenField of={binding} />
      <AssigneesField of={binding} />
      <Field
        label={t("fields.template_id")}
        error={binding.error("template_id")}
        after={<MarkNote of={binding} field="template_id" />}
      >
        {(wiring) => (
          <select
            {...wiring}
            value={templateId}
            onChange={(event) => binding.set("template_id", event.currentTarget.value || null)}
          >
            <option value="">{t("fields.noTemplate")}</option>
            {[...templates.value.values()].map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TemplateFields of={binding} templateId={templateId} scope="custom" />
      {!isNew && <TemplateFields of={binding} templateId={templateId} scope="report" />}
      <ContactsField of={binding} />
      <fieldset class="pairs">
        <legend>{t("job.more")}</legend>
        <Member of={binding} field="address" member="entrance" />
        <Member of={binding} field="address" member="floor" />
        <Member of={binding} field="address" member="apartment" />
        <Member of={binding} field="address" member="description" />
        <Member of={binding} field="client" member="external_id" />
        <Line of={binding} field="type" />
        <Line of={binding} field="external_id" />
      </fieldset>
    </>
  );
}

interface MemberProps {
  of: Binding;
  field: "client" | "address";
  member: "name" | "external_id" | "formatted" | "entrance" | "floor" | "apartment" | "description";
  focus?: boolean;
}

/** One line of the client or of the address: saved with the rest of it. */
function Member({ of: binding, field, member, focus = false }: MemberProps) {
  const whole = (binding.value(field) ?? {}) as Record<string, unknown>;
  const name = `${field}.${member}`;
  return (
    <Field label={t(LABELS[name] ?? "fields.client")} error={binding.error(name)}>
      {(wiring) => (
        <input
          {...wiring}
          ref={focus ? takeFocus : null}
          value={text(whole[member])}
          onInput={(event) => binding.set(field, { ...whole, [member]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

/** Where typing begins. Its identity is stable, so it is called once. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.focus();
}

const LABELS: Record<string, Parameters<typeof t>[0]> = {
  "client.name": "fields.client",
  "client.external_id": "fields.client.external_id",
  "address.formatted": "fields.address",
  "address.entrance": "fields.address.entrance",
  "address.floor": "fields.address.floor",
  "address.apartment": "fields.address.apartment",
  "address.description": "fields.address.description",
};

function Line({ of: binding, field }: { of: Binding; field: Extract<Editable, "type" | "external_id"> }) {
  return (
    <Field
      label={t(`fields.${field}`)}
      error={binding.error(field)}
      after={<MarkNote of={binding} field={field} />}
    >
      {(wiring) => (
        <input
          {...wiring}
          value={text(binding.value(field))}
          onInput={(event) => binding.set(field, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
