import { useSignal } from "@preact/signals";
import { movesFrom } from "../../shared/transitions";
import type { Job, JobState, Resolution, Template } from "../../shared/types";
import { act } from "../app";
import { t } from "../i18n";

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

  if (finishing.value) {
    return (
      <section class="moves" aria-label={t("finish.title")}>
        <h2>{t("finish.title")}</h2>
        {template?.resolutions?.map((one) => (
          <End
            key={one.id}
            job={job}
            template={template}
            resolution={one}
            choose={() => move("finished", one)}
          />
        ))}
        <button
          type="button"
          onClick={() => {
            finishing.value = false;
          }}
        >
          {t("finish.cancel")}
        </button>
      </section>
    );
  }
  return (
    <section class="moves" aria-label={t("move.label")}>
      {moves.map((to) => (
        <button
          key={to}
          type="button"
          class={`move ${to}`}
          onClick={() => {
            if (to === "finished" && template?.resolutions?.length) finishing.value = true;
            else move(to);
          }}
        >
          {t(words(job.state, to))}
        </button>
      ))}
    </section>
  );
}

function End(props: { job: Job; template: Template; resolution: Resolution; choose: () => void }) {
  const missing = props.resolution.successful ? missingFields(props.job, props.template) : [];
  return (
    <div>
      <button type="button" class="primary" disabled={missing.length > 0} onClick={props.choose}>
        {props.resolution.name}
      </button>
      {missing.length > 0 && <p class="error">{t("finish.missing", { fields: missing.join(", ") })}</p>}
    </div>
  );
}

/** The required report fields that are still empty, by name. */
function missingFields(job: Job, template: Template): string[] {
  const required = template.fields?.filter((one) => one.scope === "report" && one.required) ?? [];
  return required.filter((one) => !isFilled(job, one.key, one.type)).map((one) => one.name);
}

function isFilled(job: Job, key: string, type: string): boolean {
  if (type === "photo" || type === "signature") return job.photos?.some((one) => one.field === key) ?? false;
  const value = job.report?.[key];
  return value !== undefined && value !== null && value !== "";
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
