// Keys that work wherever one stands. Only function keys and Ctrl chords: single letters and digits act inside groups alone.
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useRef } from "react";

/** `F9`, or `Ctrl+I` (also Cmd on a Mac). */
export function matches(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">, chord: string): boolean {
  const ctrl = chord.startsWith("Ctrl+");
  const key = ctrl ? chord.slice("Ctrl+".length) : chord;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    ctrl === (event.ctrlKey || event.metaKey) &&
    !event.altKey &&
    !event.shiftKey
  );
}

export function useKey(chord: string, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!matches(event, chord) || event.repeat) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [chord]);
}

/** Escape puts a form away that was opened in place. */
export function onEscape(leave: () => void) {
  return (event: ReactKeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  };
}
