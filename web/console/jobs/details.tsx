import type { ComponentChildren } from "preact";
import type { Contact, Job } from "../../shared/types";
import { t } from "../i18n/tongue";
import { duration } from "../i18n/units";
import { speaker } from "../people/directory";
import { planned } from "../time/words";
import { type Speaker, sayAddress, sayAssignees, sayClient, templateValue } from "./say";

/** The plan: everything the dispatcher wrote. Empty fields are left out, but for the four that matter. */
export function Details({ job }: { job: Job }) {
  const speak = speaker.value;
  const template = job.template_id ? speak.template(job.template_id) : undefined;
  const custom = template?.fields?.filter((field) => field.scope === "custom") ?? [];
  const values = job.custom_fields ?? {};
  const unknown = Object.keys(values).filter((key) => !custom.some((field) => field.key === key));
  return (
    <section aria-label={t("job.details")}>
      <dl class="facts">
        <Fact name={t("fields.client")}>{sayClient(job.client) || <Empty>{t("list.noClient")}</Empty>}</Fact>
        <Fact name={t("fields.address")}>
          {sayAddress(job.address, speak.tongue) || <Empty>{t("list.noAddress")}</Empty>}
        </Fact>
        <Fact name={t("fields.scheduled_at")}>
          {sayPlan(job, speak) || <Empty>{t("list.noDate")}</Empty>}
        </Fact>
        <Fact name={t("fields.assignees")}>
          {job.assignees?.length ? sayAssignees(job.assignees, speak) : <Empty>{t("list.unassigned")}</Empty>}
        </Fact>
        {job.description && (
          <Fact name={t("fields.description")}>
            <span class="text">{job.description}</span>
          </Fact>
        )}
        {!!job.contacts?.length && (
          <Fact name={t("fields.contacts")}>
            <ul>
              {job.contacts.map((contact) => (
                <li key={`${contact.name} ${contact.value}`}>
                  <ContactLine contact={contact} />
                </li>
              ))}
            </ul>
          </Fact>
        )}
        {job.type && <Fact name={t("fields.type")}>{job.type}</Fact>}
        {template && <Fact name={t("fields.template_id")}>{template.name}</Fact>}
        {custom
          .filter((field) => values[field.key] !== undefined)
          .map((field) => (
            <Fact key={field.key} name={field.name}>
              {templateValue(field, values[field.key], speak)}
            </Fact>
          ))}
        {unknown.map((key) => (
          <Fact key={key} name={key}>
            {templateValue(undefined, values[key], speak)}
          </Fact>
        ))}
        {job.external_id && <Fact name={t("fields.external_id")}>{job.external_id}</Fact>}
      </dl>
    </section>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Empty({ children }: { children: ComponentChildren }) {
  return <span class="soft">{children}</span>;
}

function sayPlan(job: Job, speak: Speaker): string {
  if (!job.scheduled_at) return "";
  const { day, start, end } = planned(job.scheduled_at, job.scheduled_duration, speak.clock);
  const named = typeof day === "string" ? t(`common.${day}`) : day.text;
  const hours = end ? `${start}–${end}` : start;
  const length = job.scheduled_duration ? ` (${duration(job.scheduled_duration, speak.tongue)})` : "";
  return `${named}, ${hours}${length}`;
}

function ContactLine({ contact }: { contact: Contact }) {
  const { value } = contact;
  const link = value.includes("@") ? `mailto:${value}` : `tel:${value.replace(/[^+\d]/g, "")}`;
  return (
    <>
      {contact.name} <a href={link}>{value}</a>
    </>
  );
}
