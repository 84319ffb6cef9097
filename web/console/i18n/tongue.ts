import { createTranslate, type Language, pickLanguage, type Translate } from "../../shared/i18n";
import type { JobState } from "../../shared/types";
import { STATE_WORDS } from "../../shared/words";
import { EN, type Key } from "./en";
import { RU } from "./ru";

export type { Key };

export const CATALOGS = { en: EN, ru: RU };

/** The reader's language: words, and the locale that dates and numbers are written in. */
export interface Tongue {
  language: Language;
  /** English days come before months, as the 24 hour clock beside them suggests. */
  locale: string;
  t: Translate<Key>;
  stateWord(state: JobState): string;
}

export function createTongue(language: Language): Tongue {
  return {
    language,
    locale: language === "en" ? "en-GB" : "ru-RU",
    t: createTranslate<Key>(CATALOGS, language),
    stateWord: (state) => STATE_WORDS[language][state],
  };
}

/** Chosen once, by the browser's languages. */
export const tongue = createTongue(
  pickLanguage(typeof navigator === "undefined" ? ["en"] : navigator.languages),
);
export const { t, stateWord } = tongue;

/** Whether a word computed at run time (a field's name, a problem's slug) is in the catalogue. */
export function isKey(key: string): key is Key {
  return key in EN;
}
