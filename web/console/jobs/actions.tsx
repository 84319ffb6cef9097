import { useState } from "preact/hooks";
import { movesFrom } from "../../shared/transitions";
import type { Job, JobState } from "../../shared/types";
import { type Key, t } from "../i18n/tongue";
import { speaker } from "../people/directory";
import { go } from "../route";
import { request } from "../session/session";
import { Alert } from "../ui/alert";
import { ask } from "../ui/ask";
import { Icon } from "../ui/icons";
import { type Trouble, troubleOf } from "../ui/problem";
import { FinishDialog } from "./finish-dialog";
import { dropJob } from "./list";
import { moveJob } from "./move";
import { fieldName } from "./say";

interface Props {
  job: Job;
  onEdit: () => void;
  onDone: () => void;
}

/** What a dispatcher may do with the job from the state it is in. */
export function Actions({ job, onEdit, onDone }: Props) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [finishing, setFinishing] = useState(false);
  const template = job.template_id ? speaker.value.template(job.template_id) : undefined;

  async function act(what: () => Promise<void>) {
    setBusy(true);
    setTrouble(null);
    try {
      await what();
      onDone();
    } catch (error) {
      setTrouble(troubleOf(error));
    } finally {
      setBusy(false);
    }
  }

  async function move(to: JobState) {
    if (to === "finished" && template?.resolutions?.length) {
      setFinishing(true);
      return;
    }
    if (to === "canceled" && !(await ask(CANCEL()))) return;
    await act(() => moveJob(job, to));
  }

  async function remove() {
    if (!(await ask(REMOVE()))) return;
    await act(async () => {
      await request("DELETE", `/v1/jobs/${job.id}`);
      dropJob(job.id);
      await go("/");
    });
  }

  const undated = !job.scheduled_at;
  return (
    <>
      <div class="buttons" role="toolbar" aria-label={t("actions.title")}>
        {movesFrom("dispatcher", job.state).map((to) => (
          <button
            key={to}
            type="button"
            class={`button ${to === "published" ? "primary" : ""}`}
            disabled={busy || (to === "published" && undated)}
            title={to === "published" && undated ? t("actions.needsDate") : undefined}
            onClick={() => move(to)}
          >
            {t(verb(job.state, to))}
          </button>
        ))}
        <button type="button" class="button" disabled={busy} onClick={onEdit}>
          <Icon name="pencil" />
          {t("job.edit")}
        </button>
        <button type="button" class="button quiet danger-text" disabled={busy} onClick={remove}>
          <Icon name="trash" />
          {t("actions.remove")}
        </button>
      </div>
      {undated && job.state === "posted" && <p class="hint">{t("actions.needsDate")}</p>}
      <Alert trouble={trouble} name={(pointer) => fieldName(pointer, template, speaker.value)} />
      {finishing && (
        <FinishDialog job={job} template={template} onClose={() => setFinishing(false)} onDone={onDone} />
      )}
    </>
  );
}

function verb(from: JobState, to: JobState): Key {
  if (to === "published")
    return from === "finished" || from === "canceled" ? "actions.reopen" : "actions.publish";
  if (to === "finished") return "actions.finish";
  if (to === "canceled") return "actions.cancel";
  return "actions.unpublish";
}

const CANCEL = () => ({
  title: t("actions.cancelTitle"),
  text: t("actions.cancelText"),
  yes: t("actions.cancel"),
  danger: true,
});

const REMOVE = () => ({
  title: t("actions.removeTitle"),
  text: t("actions.removeText"),
  yes: t("actions.remove"),
  danger: true,
});
