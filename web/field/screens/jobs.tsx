import { signal } from "@preact/signals";
import { shownJobs, zone } from "../app";
import { Link } from "../frame";
import { t } from "../i18n";
import { dateIn } from "../sync/clock";
import type { Shown } from "../sync/held";
import { StateBadge } from "../ui/state";
import { plannedDay, plannedTime } from "../ui/time";

const onlyToday = signal(true);

/** Today's jobs, or all of them, by planned time. */
export function JobsScreen() {
  const all = shownJobs.value;
  const jobs = onlyToday.value ? all.filter(isToday) : all;
  return (
    <>
      <header class="title">
        <h1>{t("jobs.title")}</h1>
        <fieldset class="choice">
          <legend class="aside">{t("jobs.which")}</legend>
          <Choice today={true} label={`${t("jobs.today")} · ${all.filter(isToday).length}`} />
          <Choice today={false} label={`${t("jobs.all")} · ${all.length}`} />
        </fieldset>
      </header>
      {jobs.length === 0 ? (
        <p class="empty">{t(onlyToday.value ? "jobs.none-today" : "jobs.none")}</p>
      ) : (
        <ul class="jobs">
          {jobs.map((shown) => (
            <li key={shown.job.id}>
              <JobCard shown={shown} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Choice({ today, label }: { today: boolean; label: string }) {
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
      <span>{label}</span>
    </label>
  );
}

function JobCard({ shown: { job, unsent } }: { shown: Shown }) {
  return (
    <Link to={{ screen: "job", id: job.id }} class={`card job ${job.state}`}>
      <span class="when">
        {plannedTime(job, zone.value)} {!onlyToday.value && <small>{plannedDay(job, zone.value)}</small>}
      </span>
      <StateBadge state={job.state} />
      <strong class="where">{job.address?.formatted ?? job.client?.name ?? job.description}</strong>
      <span class="what">{[job.client?.name, job.description].filter(Boolean).join(" · ")}</span>
      <span class="number">№ {job.number}</span>
      {unsent.size > 0 && <span class="unsent">{t("jobs.unsent")}</span>}
    </Link>
  );
}

/** Today's by overlap of the planned interval, as the server judges it for pushes (R14). */
function isToday({ job }: Shown): boolean {
  if (!job.scheduled_at) return false;
  const today = dateIn(zone.value, new Date());
  const start = new Date(job.scheduled_at);
  const minutes = job.scheduled_duration ?? 0;
  const last = new Date(start.getTime() + Math.max(0, minutes * 60_000 - 1));
  return dateIn(zone.value, start) <= today && today <= dateIn(zone.value, last);
}
