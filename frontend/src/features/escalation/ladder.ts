// A ladder in words: every word stands for something that was acknowledged, never for what was meant. Pure.
import type { Attempt, Escalation, Page, Step } from "../../api/types";
import { nextStep } from "../../live/cases";
import type { Words } from "../../ui/words";

const CALLED_OFF = "canceled";

/** `call placed, not answered` or `text delivered`; the carrier's own word follows where it failed. */
export function attemptWords(attempt: Attempt, w: Words): string {
  const method = w.ask.method[attempt.method];
  // Stopped by us because somebody took it: not a failure.
  if (attempt.state === "failed" && attempt.detail === CALLED_OFF) return `${method} ${w.ask.calledOff}`;
  const voice = attempt.method === "voice" && (attempt.state === "sent" || attempt.state === "delivered");
  const state = voice ? w.ask.voice[attempt.state as "sent" | "delivered"] : w.ask.attempt[attempt.state];
  const why = attempt.state === "failed" && attempt.detail ? ` (${attempt.detail})` : "";
  return `${method} ${state}${why}`;
}

/** All tries for one person, the latest word of each. */
export function pageWords(page: Page, w: Words): string {
  if (page.state === "passed") return w.ask.passed(page.name);
  return page.attempts.map((attempt) => attemptWords(attempt, w)).join(", ");
}

export function targetWords(step: Step): string {
  return step.targets.map((target) => target.words || target.name).join(", ");
}

/** What comes when the time of this step is over. */
export function thenWords(escalation: Escalation, w: Words): string {
  const next = nextStep(escalation);
  return next ? w.ask.thenNext(targetWords(next)) : w.ask.thenAlarm;
}

/** The moment at which a step is due if nobody takes it before: known for taken ones, reckoned for later ones. */
export function stepAt(escalation: Escalation, step: Step): number | null {
  if (step.taken_at) return Date.parse(step.taken_at);
  if (escalation.state !== "running" || !escalation.next_due_at || step.number <= escalation.step) return null;
  let at = Date.parse(escalation.next_due_at);
  for (const between of escalation.steps) {
    if (between.number > escalation.step && between.number < step.number) at += between.wait_seconds * 1000;
  }
  return at;
}
