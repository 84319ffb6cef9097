import { useState } from "preact/hooks";
import type { EditedJob, Job } from "../../shared/types";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { request } from "../session/session";
import { Alert } from "../ui/alert";
import { type Trouble, troubleOf } from "../ui/problem";
import { changedFields, type Draft, patchBody } from "./draft";
import { bind } from "./form-binding";
import { JobFields } from "./job-form";
import { keepJob, opened } from "./opened";
import { fieldName } from "./say";
import { askToDiscard, useUnsaved } from "./unsaved";

interface Props {
  job: Job;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** The job was deleted meanwhile: what was typed can be read, not saved. */
  gone: boolean;
  /** With words about the saving; empty when it was given up. */
  onDone: (words: string) => void;
}

/** An edit over the live job. Only the changed fields are sent. */
export function EditJob({ job, draft, onDraft, gone, onDone }: Props) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const dirty = changedFields(draft, job).length > 0;
  useUnsaved(dirty);
  const speak = speaker.value;
  const template = job.template_id ? speak.template(job.template_id) : undefined;

  async function save(event: Event) {
    event.preventDefault();
    if (!dirty) {
      onDone("");
      return;
    }
    setBusy(true);
    setTrouble(null);
    try {
      const body = patchBody(draft, job);
      const { merge, ...saved } = await request<EditedJob>("PATCH", `/v1/jobs/${job.id}`, { body });
      keepJob(saved);
      onDone(sayMerge(merge));
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }

  /** What became of each field that two people had changed. */
  function sayMerge({ overrode, lost }: EditedJob["merge"]): string {
    const names = (fields: string[]) => fields.map((one) => fieldName(one, template, speak)).join(", ");
    const words: string[] = [];
    if (overrode.length > 0) words.push(t("merge.overrode", { fields: names(overrode) }));
    if (lost.length > 0) words.push(t("merge.lost", { fields: names(lost) }));
    return words.length > 0 ? words.join(" ") : t("merge.saved");
  }

  async function giveUp() {
    if (dirty && !(await askToDiscard())) return;
    onDone("");
  }

  const binding = bind(job, draft, onDraft, trouble, opened.value?.history ?? []);
  return (
    <form class="job-form" onSubmit={save} aria-label={t("form.editTitle", { number: String(job.number) })}>
      <JobFields of={binding} />
      <Alert trouble={trouble} name={(pointer) => fieldName(pointer, template, speak)} />
      <div class="buttons end sticky">
        <button type="button" class="button" onClick={giveUp}>
          {t("form.cancel")}
        </button>
        <button type="submit" class="button primary" disabled={busy || gone}>
          {busy ? t("form.saving") : t("form.save")}
        </button>
      </div>
    </form>
  );
}
