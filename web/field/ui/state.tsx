import type { JobState } from "../../shared/types";
import { stateWords } from "../i18n";

const MARKS: Record<JobState, string> = {
  posted: "○",
  scheduled: "◔",
  published: "●",
  en_route: "➜",
  started: "▶",
  suspended: "❚❚",
  finished: "✓",
  canceled: "✕",
};

/** A state by colour, mark and word. */
export function StateBadge({ state }: { state: JobState }) {
  return (
    <span class={`state ${state}`}>
      <span aria-hidden="true">{MARKS[state]}</span> {stateWords[state]}
    </span>
  );
}
