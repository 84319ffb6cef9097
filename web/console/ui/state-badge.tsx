import type { JobState } from "../../shared/types";
import { stateWord } from "../i18n/tongue";
import { StateIcon } from "./icons";

/** A state by colour, icon and word. */
export function StateBadge({ state }: { state: JobState }) {
  return (
    <span class={`badge state-${state}`}>
      <StateIcon state={state} />
      {stateWord(state)}
    </span>
  );
}
