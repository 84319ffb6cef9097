import type { Template } from "../../shared/types";
import { dismiss } from "../app";
import { t } from "../i18n";
import { phone, shownJob, templateOf, zone } from "../phone";
import type { Notice } from "../sync/notice";
import { Link } from "./link";
import { reasonWords } from "./reason";
import { moment } from "./time";
import { fieldWords, workWords } from "./work";

/** What became of sent work where it was not simply taken; what was typed stays readable. */
export function Notices({ jobId }: { jobId?: string }) {
  const all = phone.value?.notices ?? [];
  const notices = jobId ? all.filter((one) => one.jobId === jobId) : all;
  return (
    <div aria-live="polite">
      {notices.length > 0 && (
        <section class="notices" aria-label={t("notice.title")}>
          <h2>{t("notice.title")}</h2>
          {notices.map((one) => (
            <Card notice={one} linked={!jobId} key={one.id} />
          ))}
        </section>
      )}
    </div>
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
      <p>{words(notice, template)}</p>
      <p>
        {t("notice.typed")} <strong class="typed">{workWords(notice.operation, template).join(", ")}</strong>
      </p>
      <small>{t("notice.done", { when: moment(notice.operation.happened_at, zone.value) })}</small>
      <button type="button" onClick={() => void dismiss(notice.id)}>
        {t("notice.dismiss")}
      </button>
    </div>
  );
}

function words(notice: Notice, template: Template | undefined): string {
  const fields = notice.fields.map((name) => fieldWords(name, template)).join(", ");
  switch (notice.kind) {
    case "rejected":
      return t("notice.rejected", { detail: reasonWords(notice.problem, template) });
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
