import { ProblemError, Unreachable } from "../../shared/api";
import { isKey, t } from "../i18n/tongue";

/** Why a request failed, in the reader's words, and per field where the server named fields. */
export interface Trouble {
  summary: string;
  /** By pointer without the leading slash, with dots: `client.name`. */
  fields: Readonly<Record<string, string>>;
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable) return { summary: t("problems.network"), fields: {} };
  if (!(error instanceof ProblemError)) throw error;
  const key = `problems.${error.slug}`;
  const fields: Record<string, string> = {};
  for (const { pointer, detail } of error.problem.errors ?? []) {
    fields[pointer.replace(/^\//, "").replaceAll("/", ".")] = fieldWords(detail);
  }
  const { title, detail } = error.problem;
  const summary = isKey(key) ? t(key) : [title || t("problems.internal"), detail].filter(Boolean).join(". ");
  return { summary, fields };
}

/** The error at a field, or at a member of it: `assignees` also finds `assignees.0.worker_id`. */
export function errorAt(trouble: Trouble | null, ...names: string[]): string | undefined {
  if (!trouble) return undefined;
  for (const name of names) {
    for (const [at, words] of Object.entries(trouble.fields)) {
      if (at === name || at.startsWith(`${name}.`)) return words;
    }
  }
  return undefined;
}

/** The server's short words for a field, where the catalogue has them in the reader's language. */
function fieldWords(detail: string): string {
  const key = `fieldError.${detail}`;
  return isKey(key) ? t(key) : capital(detail);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
