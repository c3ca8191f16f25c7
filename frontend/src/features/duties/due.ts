// When something is due, in words: how long still, and at which time exactly.
import type { Duty } from "../../api/types";
import { dayAndTime } from "../../ui/time";
import type { Words } from "../../ui/words";

const MINUTE = 60_000;

/** `1 h 20 min`, `12 min`; what is left counts up to the full minute, so that it never says 0 before its time. */
export function longFor(ms: number, w: Words): string {
  const minutes = Math.max(0, Math.ceil(ms / MINUTE));
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? w.duties.hours(hours, minutes % 60) : w.duties.minutes(minutes);
}

/** A sentence about when it is due; a report without a known hour says so, other things say nothing. */
export function dueWords(duty: Duty, now: number, language: string, w: Words): { words: string; late: boolean } | null {
  if (duty.due_at === null) return duty.kind === "report" ? { words: w.duties.noDue, late: false } : null;
  const at = dayAndTime(duty.due_at, now, language);
  const left = Date.parse(duty.due_at) - now;
  return left > 0
    ? { words: w.duties.due(longFor(left, w), at), late: false }
    : { words: w.duties.overdue(longFor(Math.floor(-left / MINUTE) * MINUTE, w), at), late: true };
}
