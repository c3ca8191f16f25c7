// Every word on the screens, in each language. English sets the table's shape; a missing word in another is a type error.
import { type Language, useLanguage } from "./choice";
import { en } from "./words/en";
import { es } from "./words/es";

export type Words = typeof en;

const TABLE: Record<Language, Words> = { en, es };

export function wordsOf(language: Language): Words {
  return TABLE[language];
}

export function useWords(): Words {
  return TABLE[useLanguage()];
}

/** A language by its own name; what we do not know is shown as its code. */
export function languageName(code: string): string {
  try {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    return code;
  }
}
