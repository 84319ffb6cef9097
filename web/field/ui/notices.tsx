import { dismiss } from "../app";
import { problemWords, t } from "../i18n";
import { phone, shownJob, templateOf } from "../phone";
import type { Notice } from "../sync/notice";
import { Link } from "./link";
import { fieldWords, workWords } from "./work";

/** What became of sent work where it was not simply taken; what was typed stays readable. */
export function Notices({ jobId }: { jobId?: string }) {
  const all = phone.value?.notices ?? [];
  const notices = jobId ? all.filter((one) => one.jobId === jobId) : all;
  if (notices.length === 0) return null;
  return (
    <section class="notices" aria-label={t("notice.title")}>
      <h2>{t("notice.title")}</h2>
      {notices.map((one) => (
        <Card notice={one} linked={!jobId} key={one.id} />
      ))}
    </section>
  );
}

function Card({ notice, linked }: { notice: Notice; linked: boolean }) {
  const job = shownJob(notice.jobId)?.job;
  const template = job && templateOf(job);
  return (
    <div class="card notice">
      {linked && job && (
        <Link to={{ screen: "job", id: job.id }} class="action">
          {t("job.number", { number: String(job.number) })}
        </Link>
      )}
      <p>{words(notice, notice.fields.map((name) => fieldWords(name, template)).join(", "))}</p>
      <p>
        {t("notice.typed")} <strong class="typed">{workWords(notice.operation, template).join(", ")}</strong>
      </p>
      <button type="button" onClick={() => void dismiss(notice.id)}>
        {t("notice.dismiss")}
      </button>
    </div>
  );
}

function words(notice: Notice, fields: string): string {
  switch (notice.kind) {
    case "rejected":
      return t("notice.rejected", { detail: problemWords(notice.problem) });
    case "late":
      return t("notice.late");
    case "lost":
      return t("notice.lost", { fields });
    case "overrode":
      return t("notice.overrode", { fields });
    default:
      return notice.kind satisfies never;
  }
}
