import { type Catalogs, createTranslate, pickLanguage } from "../shared/i18n";
import { STATE_WORDS } from "../shared/words";
import { en } from "./words/en";
import { ru } from "./words/ru";

export type Key = keyof typeof en;

export const CATALOGS: Catalogs<Key> = { en, ru };
export const language = pickLanguage(navigator.languages);
export const t = createTranslate<Key>(CATALOGS, language);
export const stateWords = STATE_WORDS[language];
