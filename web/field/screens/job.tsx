import type { ComponentChildren } from "preact";
import type { Address, Contact, Job, Template } from "../../shared/types";
import { act, shownJobs, templateOf, worker, zone } from "../app";
import { Link } from "../frame";
import { t } from "../i18n";
import type { Shown } from "../sync/held";
import { uuid7 } from "../sync/uuid7";
import { StateBadge } from "../ui/state";
import { moment, plannedDay, plannedTime } from "../ui/time";
import { valueWords } from "../ui/values";
import { Moves } from "./moves";
import { ReportForm } from "./report";

/** One job: where, whom, what, the report, and what to do next. */
export function JobScreen({ id }: { id: string }) {
  const shown = shownJobs.value.find((one) => one.job.id === id);
  return (
    <article class="job-page">
      <Link to={{ screen: "jobs" }} class="back">
        ‹ {t("job.back")}
      </Link>
      {shown ? <Page shown={shown} /> : <p class="card">{t("job.gone")}</p>}
    </article>
  );
}

function Page({ shown }: { shown: Shown }) {
  const { job, unsent } = shown;
  const template = templateOf(job);
  const mine = job.assignees?.find((one) => one.worker_id === worker.value?.user.id);
  return (
    <>
      <header class="title">
        <h1>{t("job.number", { number: String(job.number) })}</h1>
        <StateBadge state={job.state} />
        {unsent.has("state") && <span class="unsent">{t("jobs.unsent")}</span>}
      </header>
      <Facts job={job} template={template} />
      {mine?.can_edit ? (
        <>
          <ReportForm shown={shown} template={template} />
          <Comments shown={shown} />
          <Moves job={job} template={template} />
        </>
      ) : (
        <p class="card">{t("job.read-only")}</p>
      )}
    </>
  );
}

function Facts({ job, template }: { job: Job; template: Template | undefined }) {
  return (
    <dl class="card facts">
      <Fact name={t("job.planned")}>
        {plannedDay(job, zone.value)}, {plannedTime(job, zone.value)}
      </Fact>
      {job.address && (
        <Fact name={t("job.address")}>
          <Place address={job.address} />
        </Fact>
      )}
      {job.client && <Fact name={t("job.client")}>{job.client.name}</Fact>}
      {job.contacts?.length ? (
        <Fact name={t("job.contacts")}>
          {job.contacts.map((one) => (
            <Call contact={one} key={one.value} />
          ))}
        </Fact>
      ) : null}
      {job.description && <Fact name={t("job.description")}>{job.description}</Fact>}
      {Object.entries(job.custom_fields ?? {}).map(([key, value]) => (
        <Fact name={nameOf(template, key)} key={key}>
          {valueWords(value)}
        </Fact>
      ))}
      {job.resolution && <Fact name={t("job.resolution")}>{job.resolution.name}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Place({ address }: { address: Address }) {
  const door = [
    address.entrance && `${t("job.entrance")} ${address.entrance}`,
    address.floor && `${t("job.floor")} ${address.floor}`,
    address.apartment && `${t("job.apartment")} ${address.apartment}`,
  ].filter(Boolean);
  const { latitude, longitude } = address;
  return (
    <>
      <span>{address.formatted}</span>
      {door.length > 0 && <span>{door.join(", ")}</span>}
      {address.description && <span>{address.description}</span>}
      {latitude != null && longitude != null && (
        <a class="action" href={`geo:${latitude},${longitude}?q=${latitude},${longitude}`}>
          {t("job.map")}
        </a>
      )}
    </>
  );
}

function Call({ contact }: { contact: Contact }) {
  const words = [contact.name, contact.value].filter(Boolean).join(", ");
  const isNumber = /^\+?[\d\s()-]{5,}$/.test(contact.value);
  if (!isNumber) return <span>{words}</span>;
  return (
    <a class="action" href={`tel:${contact.value.replace(/[^\d+]/g, "")}`}>
      {words}
    </a>
  );
}

function Comments({ shown: { job, unsent } }: { shown: Shown }) {
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get("text")).trim();
    if (!text) return;
    void act(job.id, { type: "add_comment", comment: { id: uuid7(), text } }).then(() => form.reset());
  }

  return (
    <section class="card">
      <h2>{t("job.comments")}</h2>
      <ul class="comments">
        {job.comments?.map((one) => (
          <li key={one.id}>
            <small>{moment(one.happened_at, zone.value)}</small>
            <p>{one.text}</p>
            {unsent.has(`comments.${one.id}`) && <span class="unsent">{t("jobs.unsent")}</span>}
          </li>
        ))}
      </ul>
      <form onSubmit={submit}>
        <label>
          {t("job.comment-add")}
          <textarea name="text" rows={2} maxLength={10_000} required />
        </label>
        <button type="submit">{t("job.comment-send")}</button>
      </form>
    </section>
  );
}

function nameOf(template: Template | undefined, key: string): string {
  return template?.fields?.find((one) => one.scope === "custom" && one.key === key)?.name ?? key;
}
