import { signal } from "@preact/signals";
import type { JobState } from "../../shared/types";
import { today } from "../app";
import { t } from "../i18n";
import { phone, shownJobs, zone } from "../phone";
import type { Shown } from "../sync/held";
import { isOn } from "../sync/workday";
import { Link } from "../ui/link";
import { Notices } from "../ui/notices";
import { StateBadge, UnsentMark } from "../ui/state";
import { plannedDay, plannedTime } from "../ui/time";
import { OfferNotifications } from "./notifications";

const onlyToday = signal(true);

/** Today's jobs and what is left from earlier days, or all of them by day. */
export function JobsScreen() {
  const all = shownJobs.value;
  const synced = phone.value?.syncedAt != null;
  const todays = all.filter(({ job }) => isOn(today.value, job));
  return (
    <>
      <header class="title">
        <h1 tabIndex={-1}>{t("jobs.title")}</h1>
        <fieldset class="choice">
          <legend class="aside">{t("jobs.which")}</legend>
          <Choice today={true} name={t("jobs.today")} count={todays.length} />
          <Choice today={false} name={t("jobs.all")} count={all.length} />
        </fieldset>
      </header>
      <Notices />
      {all.length > 0 && <OfferNotifications />}
      {onlyToday.value ? (
        <>
          <List jobs={todays} none={t(synced ? "jobs.none-today" : "jobs.first")} />
          <Earlier jobs={all.filter(isLeft)} />
        </>
      ) : (
        <ByDay jobs={all} />
      )}
    </>
  );
}

function Choice({ today, name, count }: { today: boolean; name: string; count: number }) {
  return (
    <label>
      <input
        type="radio"
        name="which"
        checked={onlyToday.value === today}
        onChange={() => {
          onlyToday.value = today;
        }}
      />
      <span>{`${name} · ${count}`}</span>
    </label>
  );
}

function Earlier({ jobs }: { jobs: Shown[] }) {
  if (jobs.length === 0) return null;
  return (
    <section>
      <h2 class="day">{t("jobs.earlier")}</h2>
      <List jobs={jobs} dated />
    </section>
  );
}

function ByDay({ jobs }: { jobs: Shown[] }) {
  const days = new Map<string, Shown[]>();
  for (const one of jobs) {
    const day = plannedDay(one.job, zone.value);
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  if (days.size === 0) return <p class="empty">{t("jobs.none")}</p>;
  return [...days].map(([day, those]) => (
    <section key={day}>
      <h2 class="day">{day}</h2>
      <List jobs={those} />
    </section>
  ));
}

function List({ jobs, none, dated = false }: { jobs: Shown[]; none?: string; dated?: boolean }) {
  if (jobs.length === 0) return none ? <p class="empty">{none}</p> : null;
  return (
    <ul class="jobs">
      {jobs.map((shown) => (
        <li key={shown.job.id}>
          <JobCard shown={shown} dated={dated} />
        </li>
      ))}
    </ul>
  );
}

function JobCard({ shown: { job, unsent }, dated }: { shown: Shown; dated: boolean }) {
  const where = job.address?.formatted ?? job.client?.name ?? job.description;
  const what = [
    `№ ${job.number}`,
    job.address?.formatted && job.client?.name,
    where !== job.description && job.description,
  ];
  return (
    <Link to={{ screen: "job", id: job.id }} class={`card job ${job.state}`}>
      <span class="when">
        {dated && <small>{plannedDay(job, zone.value)} </small>}
        {plannedTime(job, zone.value)}
      </span>
      <StateBadge state={job.state} />
      <strong class="where">{where}</strong>
      <span class="what">{what.filter(Boolean).join(" · ")}</span>
      {unsent.size > 0 && <UnsentMark />}
    </Link>
  );
}

const OPEN = new Set<JobState>(["published", "en_route", "started", "suspended"]);

/** Planned for an earlier day, and still to be done. */
function isLeft({ job }: Shown): boolean {
  const start = job.scheduled_at ? Date.parse(job.scheduled_at) : Number.POSITIVE_INFINITY;
  return OPEN.has(job.state) && start < today.value.from && !isOn(today.value, job);
}
