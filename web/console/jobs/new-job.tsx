import { useRef, useState } from "preact/hooks";
import type { Job, JobState } from "../../shared/types";
import { t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { go, leaving } from "../route";
import { request } from "../session/session";
import { Alert } from "../ui/alert";
import { type Trouble, troubleOf } from "../ui/problem";
import { beginDraft, changedFields, createBody, draftValue, NEW_JOB } from "./draft";
import { bind } from "./form-binding";
import { JobFields } from "./job-form";
import { putJob } from "./list";
import { onceKey } from "./once-key";
import { Panel } from "./panel";
import { fieldName } from "./say";
import { askToDiscard, useUnsaved } from "./unsaved";

/** A new job: created as planned, or published at once. */
export function NewJob() {
  const [draft, setDraft] = useState(() => beginDraft(NEW_JOB));
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const key = useRef(onceKey());
  const dirty = changedFields(draft, NEW_JOB).length > 0;
  useUnsaved(dirty);
  const speak = speaker.value;
  const templateId = draftValue(draft, NEW_JOB, "template_id");
  const template = typeof templateId === "string" ? speak.template(templateId) : undefined;

  async function create(state?: JobState) {
    const body = { ...createBody(draft), ...(state && { state }) };
    setBusy(true);
    setTrouble(null);
    try {
      const headers = { "Idempotency-Key": key.current(JSON.stringify(body)) };
      const job = await request<Job>("POST", "/v1/jobs", { body, headers });
      putJob(job);
      leaving.ask = null;
      await go(`/jobs/${job.id}`);
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }

  async function giveUp() {
    if (dirty && !(await askToDiscard())) return;
    leaving.ask = null;
    await go("/");
  }

  const dated = Boolean(draftValue(draft, NEW_JOB, "scheduled_at"));
  return (
    <Panel title={t("form.newTitle")} focus="inside">
      <form
        class="job-form"
        aria-label={t("form.newTitle")}
        onSubmit={(event) => {
          event.preventDefault();
          const button = event.submitter;
          void create(button?.getAttribute("value") === "published" ? "published" : undefined);
        }}
      >
        <JobFields of={bind(NEW_JOB, draft, setDraft, trouble, [])} isNew />
        <Alert trouble={trouble} name={(pointer) => fieldName(pointer, template, speak)} />
        <div class="buttons end sticky">
          <button type="button" class="button" onClick={giveUp}>
            {t("form.cancel")}
          </button>
          <button type="submit" class="button" disabled={busy}>
            {t("form.create")}
          </button>
          <button
            type="submit"
            value="published"
            class="button primary"
            disabled={busy || !dated}
            title={dated ? undefined : t("form.dateFirst")}
          >
            {t("form.createPublish")}
          </button>
        </div>
      </form>
    </Panel>
  );
}
