import { act } from "../app";
import { t } from "../i18n";
import { worker, zone } from "../phone";
import type { Shown } from "../sync/held";
import { uuid7 } from "../sync/uuid7";
import { UnsentMark } from "../ui/state";
import { moment } from "../ui/time";

export function Comments({ shown: { job, unsent }, writable }: { shown: Shown; writable: boolean }) {
  const said = job.comments ?? [];
  if (said.length === 0 && !writable) return null;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get("text")).trim();
    if (text && (await act(job.id, { type: "add_comment", comment: { id: uuid7(), text } }))) form.reset();
  }

  return (
    <section class="card">
      <h2>{t("job.comments")}</h2>
      <ul class="comments">
        {said.map((one) => (
          <li key={one.id}>
            <small>
              {one.author_id === worker.value?.user.id && `${t("job.comment-mine")} · `}
              {moment(one.happened_at, zone.value)}
            </small>
            <p>{one.text}</p>
            {unsent.has(`comments.${one.id}`) && <UnsentMark />}
          </li>
        ))}
      </ul>
      {writable && (
        <form onSubmit={(event) => void submit(event)}>
          <label>
            {t("job.comment-add")}
            <textarea name="text" rows={2} maxLength={10_000} required />
          </label>
          <button type="submit">{t("job.comment-send")}</button>
        </form>
      )}
    </section>
  );
}
