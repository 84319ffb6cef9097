import { t } from "../i18n";
import { phone, shownJob, templateOf, zone } from "../phone";
import type { Pending } from "../sync/outbox";
import { Link } from "../ui/link";
import { moment } from "../ui/time";
import { workWords } from "../ui/work";

const LISTED = 50;

/** What stands behind the number: each piece of work that the server does not have yet. */
export function Waiting() {
  const outbox = phone.value?.outbox ?? [];
  if (outbox.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("profile.waiting")}</h2>
      <ul class="waiting">
        {outbox.slice(0, LISTED).map((one) => (
          <li key={one.id}>
            <WaitingWork work={one} />
          </li>
        ))}
      </ul>
      {outbox.length > LISTED && <p>{t("profile.more", { n: outbox.length - LISTED })}</p>}
    </section>
  );
}

function WaitingWork({ work }: { work: Pending }) {
  const job = shownJob(work.job_id)?.job;
  return (
    <>
      <small>
        {job && (
          <Link to={{ screen: "job", id: job.id }}>{t("job.number", { number: String(job.number) })}</Link>
        )}{" "}
        {moment(work.happened_at, zone.value)}
      </small>
      <span>{workWords(work, job && templateOf(job)).join(", ")}</span>
    </>
  );
}
