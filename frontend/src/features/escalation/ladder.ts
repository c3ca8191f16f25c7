// A ladder in words: every word stands for something that was acknowledged, never for what was meant. Pure.
import type { Attempt, Escalation, Step } from "../../api/types";
import { nextStep } from "../../live/cases";
import type { Words } from "../../ui/words";

const CALLED_OFF = "canceled";

/** `call placed, not answered` or `text delivered`; the carrier's own word follows where it failed. */
export function attemptWords(attempt: Attempt, w: Words): string {
  const method = w.ask.method[attempt.method];
  if (attempt.merged_into) return `${method} ${w.ask.merged}`;
  // Stopped by us because somebody took it: not a failure.
  if (attempt.state === "failed" && attempt.detail === CALLED_OFF) return `${method} ${w.ask.calledOff}`;
  const voice = attempt.method === "voice" && (attempt.state === "sent" || attempt.state === "delivered");
  const state = voice ? w.ask.voice[attempt.state as "sent" | "delivered"] : handedOver(attempt) ? w.ask.handedOver : w.ask.attempt[attempt.state];
  const why = attempt.state === "failed" && attempt.detail ? ` (${detailWords(attempt.detail, w)})` : "";
  const nth = attempt.try;
  return `${method} ${state}${why}${nth > 1 ? w.ask.tryNumber(nth) : ""}`;
}

/** What the carrier calls it, in our words where we have some. */
function detailWords(detail: string, w: Words): string {
  const known: Record<string, string | undefined> = w.ask.failedBy;
  return known[detail] ?? detail;
}

/** Notifications and e-mails give no receipt: that they were taken in is the last that is ever heard of them. */
function handedOver(attempt: Attempt): boolean {
  return attempt.state === "sent" && (attempt.method === "push" || attempt.method === "email");
}

/** Nothing more becomes of it. */
const OVER: readonly Attempt["state"][] = ["delivered", "taken", "failed"];

/** How long it took until the latest word came; while none is final, since when one waits for it. */
export interface Took {
  ms: number;
  over: boolean;
}

export function took(attempt: Attempt, now: number): Took {
  const begun = Date.parse(attempt.planned_at);
  const over = OVER.includes(attempt.state) || handedOver(attempt);
  return { ms: Math.max(0, (over ? Date.parse(attempt.at) : now) - begun), over };
}

export interface Next {
  key: string;
  at: number;
  words: string;
}

/** The tries that are still to come, soonest first; that the ladder goes on is said by its countdown. */
export function nextTries(escalation: Escalation, w: Words): Next[] {
  return escalation.next.flatMap((one) => {
    if (one.person === null || one.method === null) return [];
    const key = `${one.at} ${one.person.id} ${one.method}`;
    return [{ key, at: Date.parse(one.at), words: w.ask.nextTry(w.ask.method[one.method], one.person.name) }];
  });
}

/** A try whose time has not come is told among what comes next. */
export function begun(attempt: Attempt, now: number): boolean {
  return attempt.state !== "planned" || Date.parse(attempt.planned_at) <= now;
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
