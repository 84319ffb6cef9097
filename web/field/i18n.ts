import { computed, signal } from "@preact/signals";
import { createTranslate, LANGUAGES, type Language, pickLanguage, type Translate } from "../shared/i18n";
import type { JobState, Problem } from "../shared/types";
import { STATE_WORDS } from "../shared/words";
import { en } from "./words/en";
import { ru } from "./words/ru";

export type Key = keyof typeof en;

const CHOSEN = "naryad-language";
const PROBLEM = "urn:naryad:problem:";

/** The worker's choice on this phone, else the browser's first language that we speak. */
export const language = signal<Language>(chosen() ?? pickLanguage(navigator.languages));

const speak = computed(() => createTranslate<Key>({ en, ru }, language.value));
export const t: Translate<Key> = (key, values) => speak.value(key, values);

export function stateWord(state: JobState): string {
  return STATE_WORDS[language.value][state];
}

export function speakIn(one: Language): void {
  localStorage.setItem(CHOSEN, one);
  language.value = one;
}

/** Why the server said no, in the worker's language; what we have no words for, in the server's. */
export function problemWords(problem: Problem | undefined): string {
  const key = `problem.${problem?.type.replace(PROBLEM, "")}`;
  if (key in en) return t(key as Key);
  return t("problem.other", { detail: problem?.detail ?? problem?.title ?? "" });
}

function chosen(): Language | undefined {
  return LANGUAGES.find((one) => one === localStorage.getItem(CHOSEN));
}
