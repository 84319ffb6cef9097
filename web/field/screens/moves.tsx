import { useSignal } from "@preact/signals";
import { movesFrom } from "../../shared/transitions";
import type { Job, JobState, Resolution, Template } from "../../shared/types";
import { act } from "../app";
import { t } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { missingFields, reportFieldId } from "./report-field";

/** The state buttons, within reach of the thumb; finishing asks how the job ended. */
export function Moves({ job, template }: { job: Job; template: Template | undefined }) {
  const finishing = useSignal(false);
  const moves = movesFrom("worker", job.state);
  if (moves.length === 0) return null;

  function move(to: JobState, resolution?: Resolution): void {
    finishing.value = false;
    const chosen = resolution ? { resolution_id: resolution.id } : {};
    void act(job.id, { type: "set_state", state: to, ...chosen });
  }

  return (
    <section class="moves" aria-label={t("move.label")}>
      {moves.map((to) => (
        <button
          key={to}
          type="button"
          class={`move ${to}`}
          onClick={() => {
            if (to === "finished") finishing.value = true;
            else move(to);
          }}
        >
          <Icon name={to} /> {t(words(job.state, to))}
        </button>
      ))}
      {finishing.value && (
        <Finish
          job={job}
          template={template}
          choose={(resolution) => move("finished", resolution)}
          cancel={() => {
            finishing.value = false;
          }}
        />
      )}
    </section>
  );
}

interface FinishProps {
  job: Job;
  template: Template | undefined;
  choose: (resolution?: Resolution) => void;
  cancel: () => void;
}

/** A finished job cannot be taken up again by the worker, so this is asked. */
function Finish({ job, template, choose, cancel }: FinishProps) {
  const resolutions = template?.resolutions ?? [];
  return (
    <Dialog title={t(resolutions.length > 0 ? "finish.title" : "finish.sure")} onCancel={cancel}>
      {resolutions.map((one) => (
        <End key={one.id} job={job} template={template} resolution={one} choose={choose} cancel={cancel} />
      ))}
      {resolutions.length === 0 && (
        <button type="button" class="primary" onClick={() => choose()}>
          {t("move.finished")}
        </button>
      )}
      <button type="button" onClick={cancel}>
        {t("finish.cancel")}
      </button>
    </Dialog>
  );
}

function End({ job, template, resolution, choose, cancel }: FinishProps & { resolution: Resolution }) {
  const missing = resolution.successful ? missingFields(job, template) : [];
  const [first] = missing;
  return (
    <>
      <button type="button" class="end" disabled={missing.length > 0} onClick={() => choose(resolution)}>
        <Icon name={resolution.successful ? "finished" : "canceled"} /> {resolution.name}
      </button>
      {first && (
        <button
          type="button"
          class="missing"
          onClick={() => {
            cancel();
            document.getElementById(reportFieldId(first))?.focus();
          }}
        >
          {t("finish.missing", { fields: missing.map((one) => one.name).join(", ") })}
        </button>
      )}
    </>
  );
}

function words(from: JobState, to: JobState) {
  if (from === "suspended" && to === "started") return "move.resumed";
  switch (to) {
    case "en_route":
      return "move.en_route";
    case "suspended":
      return "move.suspended";
    case "finished":
      return "move.finished";
    default:
      return "move.started";
  }
}
