import { JOB_STATES, type JobState } from "../../shared/types";
import { stateWord, t } from "../i18n/tongue";
import { StateIcon } from "../ui/icons";
import { filter, groups, more, setFilter } from "./list";

/** How many jobs are in each state; a press shows that state alone. */
export function StateStrip() {
  const only = filter.value.state;
  return (
    <fieldset class="strip">
      <legend class="aside">{t("filters.states")}</legend>
      {JOB_STATES.map((state) => (
        <button
          key={state}
          type="button"
          class={`state-${state}`}
          aria-pressed={only === state}
          onClick={() => setFilter({ state: only === state ? "" : state })}
        >
          <StateIcon state={state} />
          <span>{stateWord(state)}</span>
          <strong>{countWords(state)}</strong>
        </button>
      ))}
    </fieldset>
  );
}

/** The count, with a plus where more are on the server. */
export function countWords(state: JobState): string {
  const closed = state === "finished" || state === "canceled";
  const unread = closed ? more.value.closed : more.value.open;
  return `${groups.value.get(state)?.length ?? 0}${unread ? "+" : ""}`;
}
