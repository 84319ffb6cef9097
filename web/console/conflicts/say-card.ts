/** A conflict card in the reader's words. Pure. */
import type { Conflict, Photo, Problem, Template } from "../../shared/types";
import { isKey } from "../i18n/tongue";
import { fileSize } from "../i18n/units";
import { fieldName, fieldValue, type Speaker } from "../jobs/say";

export interface Line {
  name: string;
  taken: string;
  /** Empty where there was nothing before, and nothing can be chosen. */
  refused: string;
}

/** Why there is a card at all. */
export function sayWhy(card: Conflict, template: Template | undefined, speaker: Speaker): string {
  const { t } = speaker.tongue;
  return card.kind === "rejected"
    ? sayProblem(card.problem, template, speaker)
    : t(`conflicts.why.${card.kind}`);
}

/** Each field with both its values. */
export function sayLines(card: Conflict, template: Template | undefined, speaker: Speaker): Line[] {
  const { t } = speaker.tongue;
  const say = (name: string, value: unknown) =>
    isPhoto(name, value) ? sayPhoto(value, template, speaker) : fieldValue(name, value, template, speaker);
  return Object.entries(card.fields).map(([name, { taken, refused }]) => ({
    name: fieldName(name, template, speaker),
    taken: t(card.resolved_at ? "conflicts.takenThen" : "conflicts.taken", { value: say(name, taken) }),
    refused:
      isListed(name) && isNothing(refused)
        ? ""
        : t(`conflicts.refused.${card.kind}`, { value: say(name, refused) }),
  }));
}

/** What was typed, where it could not even be read: as it came, without what only machines need. */
export function sayRaw(card: Conflict): string | null {
  if (Object.keys(card.fields).length > 0) return null;
  const { id: _id, job_id: _job, base_version: _base, happened_at: _at, ...typed } = card.operation;
  return JSON.stringify(typed, null, 1);
}

const MOVED = new Set(["state", "resolution", "timestamps"]);

/** Whether the desk can write the other value: the plan and the report, of a job that is there. */
export function hasOther(card: Conflict): boolean {
  return Boolean(card.job) && Object.keys(card.fields).some((name) => !MOVED.has(name) && !isListed(name));
}

function sayProblem(
  problem: Problem | null | undefined,
  template: Template | undefined,
  speaker: Speaker,
): string {
  const slug = problem?.type.split(":").at(-1) ?? "";
  const key = `conflicts.problems.${slug}`;
  const words = isKey(key)
    ? speaker.tongue.t(key)
    : [problem?.title, problem?.detail].filter(Boolean).join(". ");
  const named = (problem?.errors ?? []).flatMap(({ pointer }) => {
    const key = /^\/(?:report|fields)\/(.+)$/.exec(pointer)?.[1];
    return key ? [fieldName(`report.${key}`, template, speaker)] : [];
  });
  if (named.length > 0) return `${words} ${named.join(", ")}`;
  return slug === "invalid-operation" && problem?.detail ? `${words} (${problem.detail})` : words;
}

function isListed(name: string): boolean {
  return /^(photos|comments|attachments)./.test(name);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function isPhoto(name: string, value: unknown): value is Photo {
  return name.startsWith("photos.") && typeof value === "object" && value !== null;
}

function sayPhoto(photo: Photo, template: Template | undefined, { tongue }: Speaker): string {
  const name = template?.fields?.find((field) => field.key === photo.field)?.name ?? photo.field;
  return `${name}, ${fileSize(photo.size, tongue)}`;
}
