import { useRef } from "preact/hooks";
import type { Job } from "../../shared/types";
import { outcome, syncing } from "../app";
import { t } from "../i18n";
import { phone, shownJob, templateOf, worker } from "../phone";
import type { Shown } from "../sync/held";
import { Icon } from "../ui/icon";
import { Link } from "../ui/link";
import { Notices } from "../ui/notices";
import { StateBadge, UnsentMark } from "../ui/state";
import { workWords } from "../ui/work";
import { Attachments } from "./attachments";
import { Comments } from "./comments";
import { JobFacts } from "./job-facts";
import { Moves } from "./moves";
import { PhotosForm, ReportForm, ReportView } from "./report";

/** One job: where, whom, what, the report, and what to do next. */
export function JobScreen({ id }: { id: string }) {
  const shown = shownJob(id);
  const wasShown = useRef(false);
  if (shown) wasShown.current = true;
  return (
    <article>
      <Link to={{ screen: "jobs" }} class="back">
        <Icon name="back" /> {t("job.back")}
      </Link>
      <Notices jobId={id} />
      {shown && !shown.gone ? <Page shown={shown} /> : wasShown.current ? <Gone shown={shown} /> : <Absent />}
    </article>
  );
}

function Page({ shown }: { shown: Shown }) {
  const { job } = shown;
  const template = templateOf(job);
  const mine = job.assignees?.find((one) => one.worker_id === worker.value?.user.id)?.can_edit ?? false;
  const open = !["finished", "canceled"].includes(job.state);
  return (
    <>
      <Title shown={shown} />
      {!mine && <p class="card">{t("job.read-only")}</p>}
      <JobFacts job={job} template={template} />
      {mine && open ? (
        <ReportForm shown={shown} template={template} />
      ) : (
        <ReportView shown={shown} template={template} wordsOnly={open} />
      )}
      {!mine && open && <PhotosForm shown={shown} template={template} />}
      <Attachments job={job} />
      <Comments shown={shown} writable={open} />
      {mine && <Moves job={job} template={template} />}
    </>
  );
}

function Title({ shown: { job, unsent } }: { shown: Shown }) {
  return (
    <header class="title">
      <h1 tabIndex={-1}>{t("job.number", { number: String(job.number) })}</h1>
      <span class="badges">
        {unsent.has("state") && <UnsentMark />}
        <StateBadge state={job.state} />
      </span>
    </header>
  );
}

/** Taken away, perhaps while it was open: what was typed stays readable. */
function Gone({ shown }: { shown: Shown | undefined }) {
  return (
    <>
      {shown && (
        <header class="title">
          <h1 tabIndex={-1}>{t("job.number", { number: String(shown.job.number) })}</h1>
        </header>
      )}
      <p class="card">{t("job.gone")}</p>
      {shown && <Waiting job={shown.job} />}
      {shown && <ReportView shown={shown} template={templateOf(shown.job)} />}
    </>
  );
}

/** A notification was tapped before its sync has brought the job: say so, and say what becomes of it. */
function Absent() {
  const words = syncing.value || !outcome.value ? "job.coming" : absentWords[outcome.value.end];
  return (
    <>
      <header class="title">
        <h1 tabIndex={-1}>{t("job.title")}</h1>
      </header>
      <p class="card" role="status">
        {t(words)}
      </p>
    </>
  );
}

const absentWords = {
  done: "job.absent",
  offline: "job.coming-offline",
  "sign-in": "job.coming-later",
  refused: "job.coming-later",
  stuck: "job.coming-later",
} as const;

function Waiting({ job }: { job: Job }) {
  const work = phone.value?.outbox.filter((one) => one.job_id === job.id) ?? [];
  if (work.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("profile.waiting")}</h2>
      <ul>
        {work
          .flatMap((one) => workWords(one, templateOf(job)))
          .map((words) => (
            <li key={words}>{words}</li>
          ))}
      </ul>
    </section>
  );
}
