import { useState } from "preact/hooks";
import { movesFrom } from "../../shared/transitions";
import type { Job, JobState, Template } from "../../shared/types";
import { type Key, t } from "../i18n/tongue";
import { ask } from "../ui/ask";
import type { Acting } from "./acting";
import { FinishDialog } from "./finish-dialog";
import { moveJob } from "./move";

interface Props {
  job: Job;
  template: Template | undefined;
  acting: Acting;
}

/** Where a dispatcher may move the job from the state it is in. */
export function Moves({ job, template, acting }: Props) {
  const [finishing, setFinishing] = useState(false);
  const undated = !job.scheduled_at;

  async function move(to: JobState) {
    if (to === "finished" && template?.resolutions?.length) {
      setFinishing(true);
      return;
    }
    if (to === "canceled" && !(await ask(CANCEL))) return;
    await acting.act(() => moveJob(job, to));
  }

  return (
    <>
      <div class="buttons" role="toolbar" aria-label={t("actions.title")}>
        {movesFrom("dispatcher", job.state).map((to) => (
          <button
            key={to}
            type="button"
            class={`button ${to === "published" ? "primary" : ""}`}
            disabled={acting.busy || (to === "published" && undated)}
            onClick={() => move(to)}
          >
            {t(verb(job.state, to))}
          </button>
        ))}
        {undated && movesFrom("dispatcher", job.state).includes("published") && (
          <p class="hint">{t("actions.needsDate")}</p>
        )}
      </div>
      {finishing && <FinishDialog job={job} template={template} onClose={() => setFinishing(false)} />}
    </>
  );
}

function verb(from: JobState, to: JobState): Key {
  if (to === "published") {
    return from === "finished" || from === "canceled" ? "actions.reopen" : "actions.publish";
  }
  if (to === "finished") return "actions.finish";
  if (to === "canceled") return "actions.cancel";
  return "actions.unpublish";
}

const CANCEL = {
  title: t("actions.cancelTitle"),
  text: t("actions.cancelText"),
  yes: t("actions.cancel"),
  danger: true,
};
