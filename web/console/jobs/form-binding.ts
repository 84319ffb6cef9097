import type { Change, Job } from "../../shared/types";
import { errorAt, type Trouble } from "../ui/problem";
import {
  type Draft,
  draftValue,
  type Editable,
  keepMine,
  type Mark,
  marks,
  takeTheirs,
  touch,
} from "./draft";

/** What every part of the form works with: the live job, the edit on top of it, and what is wrong with it. */
export interface Binding {
  job: Job;
  value(field: Editable): unknown;
  set(field: Editable, value: unknown): void;
  error(...names: string[]): string | undefined;
  mark(field: Editable): Mark | undefined;
  keepMine(field: Editable): void;
  takeTheirs(field: Editable): void;
  /** Who last changed a field, as far as the history tells. */
  changedBy(field: Editable): string | undefined;
}

export function bind(
  job: Job,
  draft: Draft,
  onDraft: (draft: Draft) => void,
  trouble: Trouble | null,
  history: readonly Change[],
): Binding {
  const marked = marks(draft, job);
  return {
    job,
    value: (field) => draftValue(draft, job, field),
    set: (field, value) => onDraft(touch(draft, job, field, value)),
    error: (...names) => errorAt(trouble, ...names),
    mark: (field) => marked.find((mark) => mark.field === field),
    keepMine: (field) => onDraft(keepMine(draft, job, field)),
    takeTheirs: (field) => onDraft(takeTheirs(draft, field)),
    changedBy: (field) => history.findLast((change) => field in change.fields)?.actor.name ?? undefined,
  };
}
