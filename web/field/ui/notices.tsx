import type { Operation } from "../../shared/types";
import { dismiss, phone } from "../app";
import { Link } from "../frame";
import { stateWords, t } from "../i18n";
import type { Notice } from "../sync/notice";
import { valueWords } from "./values";

/** What became of sent work where it was not simply taken; what was typed stays readable. */
export function Notices() {
  const notices = phone.value?.notices ?? [];
  if (notices.length === 0) return null;
  return (
    <section class="notices" aria-label={t("notice.title")}>
      <h2>{t("notice.title")}</h2>
      {notices.map((one) => (
        <Card notice={one} key={one.id} />
      ))}
    </section>
  );
}

function Card({ notice }: { notice: Notice }) {
  const job = phone.value?.jobs.find((one) => one.id === notice.jobId);
  return (
    <div class="card notice">
      {job && (
        <Link to={{ screen: "job", id: job.id }}>{t("job.number", { number: String(job.number) })}</Link>
      )}
      <p>{words(notice)}</p>
      <p>{t("notice.typed", { values: typed(notice.operation) })}</p>
      <button type="button" onClick={() => void dismiss(notice.id)}>
        {t("notice.dismiss")}
      </button>
    </div>
  );
}

function words(notice: Notice): string {
  const fields = notice.fields.map((name) => name.replace(/^report\./, "")).join(", ");
  switch (notice.kind) {
    case "rejected":
      return t("notice.rejected", { detail: notice.problem?.detail ?? notice.problem?.title ?? "" });
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

function typed(operation: Operation): string {
  switch (operation.type) {
    case "set_state":
      return stateWords[operation.state];
    case "set_report":
      return Object.entries(operation.fields)
        .map(([key, value]) => `${key}: ${valueWords(value)}`)
        .join(", ");
    case "add_comment":
      return operation.comment.text;
    case "add_photo":
      return operation.photo.field;
    case "remove_photo":
      return operation.photo_id;
    default:
      return operation satisfies never;
  }
}
