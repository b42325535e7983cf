/** Say things in the language that was chosen: typed keys, plurals, numbers. */

import { create } from "zustand";
import { DE } from "./words/de";
import { EN, type Key, type Words } from "./words/en";

export type Language = "en" | "de";
type Values = Readonly<Record<string, string | number>>;

const LANGUAGES: Readonly<Record<Language, Words>> = { en: EN, de: DE };
const STORED = "promptograph.language";

export const useLanguage = create<{ readonly language: Language }>(() => ({ language: first() }));

export function setLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
  useLanguage.setState({ language });
}

/** Say a key; `{name}` is filled from the values. */
export function t(key: Key, values: Values = {}): string {
  const text: string = LANGUAGES[useLanguage.getState().language][key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Say a count: `key.one` or `key.other`. */
export function tn(key: PluralKey, count: number): string {
  const rule = new Intl.PluralRules(useLanguage.getState().language).select(count);
  return t(`${key}.${rule === "one" ? "one" : "other"}`, { count: number(count) });
}

/** Making a format costs more than using it. */
const formats = new Map<string, Intl.NumberFormat>();

export function number(value: number, digits = 0): string {
  const { language } = useLanguage.getState();
  const key = `${language} ${digits}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(language, { maximumFractionDigits: digits });
  formats.set(key, format);
  return format.format(value);
}

/** What a comma in a number means in the language that is shown. */
export function commas(): "thousands" | "decimals" {
  return useLanguage.getState().language === "en" ? "thousands" : "decimals";
}

/** A time as people say it: the hour today, the day before. `seconds` are since 1970. */
export function when(seconds: number): string {
  const { language } = useLanguage.getState();
  const date = new Date(seconds * 1000);
  const today = date.toDateString() === new Date().toDateString();
  return today
    ? date.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString(language, { day: "numeric", month: "short" });
}

type PluralKey = Key extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

function first(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "de") return stored;
  return navigator.language.startsWith("de") ? "de" : "en";
}
