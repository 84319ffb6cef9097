import type { JobState } from "../../shared/types";
import { stateWord, t } from "../i18n";
import { Icon } from "./icon";

/** A state by colour, mark and word. */
export function StateBadge({ state }: { state: JobState }) {
  return (
    <span class={`state ${state}`}>
      <Icon name={state} /> {stateWord(state)}
    </span>
  );
}

/** Beside what the server does not have yet. */
export function UnsentMark() {
  return (
    <span class="unsent">
      <Icon name="cloud" /> {t("jobs.unsent")}
    </span>
  );
}
