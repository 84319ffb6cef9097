import type { Problem, Template } from "../../shared/types";
import { problemWords, stateWord, t } from "../i18n";
import { fieldWords } from "./work";

/** Why work was refused, with the job's state or the fields it is about. */
export function reasonWords(problem: Problem | undefined, template: Template | undefined): string {
  if (problem?.state) return t("notice.state", { state: stateWord(problem.state) });
  const fields = (problem?.errors ?? []).flatMap(({ pointer }) => {
    const key = /^\/(?:report|fields)\/(.+)$/.exec(pointer)?.[1];
    return key ? [fieldWords(`report.${key}`, template)] : [];
  });
  return [problemWords(problem), fields.join(", ")].filter(Boolean).join(" ");
}
