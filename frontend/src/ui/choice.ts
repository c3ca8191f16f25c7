// What a reader chose for this device. The language of the screen only: nothing about anybody is kept.
import { useSyncExternalStore } from "react";

export type Language = "en" | "es";

const KEY = "crisis_hub.language";
const listeners = new Set<() => void>();

// The one use of storage in this house, for two letters that say nothing private.
// eslint-disable-next-line no-restricted-globals
const storage = (): Storage | undefined => (typeof localStorage === "undefined" ? undefined : localStorage);

function stored(): Language | null {
  try {
    const found = storage()?.getItem(KEY);
    return found === "en" || found === "es" ? found : null;
  } catch {
    return null;
  }
}

let chosen: Language | null = stored();

export function language(): Language {
  return chosen ?? (navigator.language.toLowerCase().startsWith("es") ? "es" : "en");
}

export function chooseLanguage(next: Language): void {
  chosen = next;
  try {
    storage()?.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
  for (const tell of listeners) tell();
}

export function useLanguage(): Language {
  return useSyncExternalStore((then) => {
    listeners.add(then);
    return () => listeners.delete(then);
  }, language);
}
