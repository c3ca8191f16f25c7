// How many messages a responder has not seen yet, per case. Pure but for what was seen, which is kept in memory.
import type { CaseDetail, Message } from "../../api/types";

const seen = new Map<string, string>();

/** The last message that was on the screen while somebody could look at it. */
export function markSeen(detail: CaseDetail): void {
  const last = detail.messages.at(-1);
  if (last) seen.set(detail.id, last.id);
}

export function forgetSeen(): void {
  seen.clear();
}

/** Messages from the person after the last seen one; without such, after our last word to them. */
export function unreadIn(messages: readonly Message[], lastSeen: string | undefined): Message[] {
  const from = Math.max(
    messages.findIndex((message) => message.id === lastSeen),
    messages.findLastIndex((message) => message.author !== "person" && message.author !== "line"),
  );
  return messages.slice(from + 1).filter((message) => message.author === "person");
}

export function unread(detail: CaseDetail): Message[] {
  return unreadIn(detail.messages, seen.get(detail.id));
}
