import type { Contact } from "../../shared/types";
import { t } from "../i18n/tongue";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import type { Binding } from "./form-binding";
import { MarkNote } from "./form-mark";

/** Whom to call. */
export function ContactsField({ of: binding }: { of: Binding }) {
  const contacts = (binding.value("contacts") ?? []) as Contact[];

  function change(index: number, changed: Partial<Contact>) {
    binding.set(
      "contacts",
      contacts.map((one, at) => (at === index ? typed({ ...one, ...changed }) : one)),
    );
  }

  return (
    <fieldset class="contacts">
      <legend>{t("fields.contacts")}</legend>
      {contacts.map((contact, index) => (
        <div class="contact" key={index}>
          <Field label={t("fields.contact.name")} error={binding.error(`contacts.${index}.name`)}>
            {(wiring) => (
              <input
                {...wiring}
                value={contact.name ?? ""}
                onInput={(event) => change(index, { name: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label={t("fields.contact.value")} error={binding.error(`contacts.${index}.value`)}>
            {(wiring) => (
              <input
                {...wiring}
                value={contact.value}
                onInput={(event) => change(index, { value: event.currentTarget.value })}
              />
            )}
          </Field>
          <button
            type="button"
            class="button icon-only quiet"
            aria-label={t("fields.remove", { what: contact.name || contact.value || t("fields.contacts") })}
            onClick={() =>
              binding.set(
                "contacts",
                contacts.filter((_, at) => at !== index),
              )
            }
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button small"
        onClick={() => binding.set("contacts", [...contacts, { name: "", value: "" }])}
      >
        <Icon name="plus" />
        {t("fields.addContact")}
      </button>
      <MarkNote of={binding} field="contacts" />
    </fieldset>
  );
}

function typed(contact: Contact): Contact {
  return { ...contact, type: contact.value.includes("@") ? "email" : contact.value ? "phone" : null };
}
