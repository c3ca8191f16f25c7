// What was typed and not yet sent, per case. In memory only: it goes when the page goes, and nothing lies on the device.
import { useCallback, useSyncExternalStore } from "react";

const drafts = new Map<string, string>();
const listeners = new Set<() => void>();

/** A reply, a note, what became of a duty, one field of a record or of a result from outside. */
export type Kind = "reply" | "note" | `duty ${string}` | `record ${string}` | `outside ${string}`;

export function setDraft(kind: Kind, caseId: string, text: string): void {
  if (text) drafts.set(`${kind} ${caseId}`, text);
  else drafts.delete(`${kind} ${caseId}`);
  for (const tell of listeners) tell();
}

export function draft(kind: Kind, caseId: string): string {
  return drafts.get(`${kind} ${caseId}`) ?? "";
}

/** Nothing of one person is left for the next who signs in at this desk. */
export function forgetDrafts(): void {
  drafts.clear();
}

export function useDraft(kind: Kind, caseId: string): [string, (text: string) => void] {
  const read = useCallback(() => draft(kind, caseId), [kind, caseId]);
  const text = useSyncExternalStore((then) => {
    listeners.add(then);
    return () => listeners.delete(then);
  }, read);
  return [text, useCallback((next: string) => setDraft(kind, caseId, next), [kind, caseId])];
}
