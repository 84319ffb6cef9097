/** Russian and English texts with typed keys, `{name}` placeholders and right plural forms. */

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Chosen by `n`: the forms that Intl.PluralRules knows in the language. */
export type Plural = { one: string; few?: string; many?: string; other: string };
export type Message = string | Plural;
/** A catalogue per language: a key that one of them lacks is a type error. */
export type Catalogs<K extends string> = Record<Language, Record<K, Message>>;
export type Translate<K extends string> = (key: K, values?: Record<string, string | number>) => string;

/** The first language we speak of those the reader prefers (`navigator.languages`), else English. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = tag.toLowerCase().split("-")[0];
    const known = LANGUAGES.find((one) => one === language);
    if (known) return known;
  }
  return "en";
}

export function createTranslate<K extends string>(catalogs: Catalogs<K>, language: Language): Translate<K> {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const message = catalogs[language][key];
    const text = typeof message === "string" ? message : pluralForm(message, rules, values["n"]);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
}

function pluralForm(message: Plural, rules: Intl.PluralRules, n: string | number | undefined): string {
  const category = rules.select(Number(n));
  return (category in message && message[category as keyof Plural]) || message.other;
}
