// Plain questions about cases and their ladders, asked by several screens.
import type { Case, Escalation, Page, Person, Risk, Role, Step } from "../api/types";

const NEED: readonly Risk[] = ["imminent", "high", "moderate", "not_assessed", "low", "none"];
const WATCHERS: readonly Role[] = ["supervisor", "clinical_lead"];

/** Who needs somebody first (0 is first): "not assessed" stands before low, since it may be anything. */
export function need(risk: Risk): number {
  return NEED.indexOf(risk);
}

/** Who waits, in no order; `turn.ts` puts them in theirs. */
export function waiting(cases: Iterable<Case>): Case[] {
  return [...cases].filter((each) => each.state === "waiting");
}

export function ownCases(cases: Iterable<Case>, me: Person): Case[] {
  return [...cases]
    .filter((each) => each.state === "active" && each.responder === me.id)
    .sort((a, b) => (a.claimed_at ?? a.opened_at).localeCompare(b.claimed_at ?? b.opened_at));
}

/** Of two pictures of one case, the later. */
export function freshest<T extends Case>(a: T | undefined, b: T | undefined): T | undefined {
  if (!a || !b) return a ?? b;
  return b.sequence > a.sequence ? b : a;
}

export function watches(person: Person): boolean {
  return person.roles.some((role) => WATCHERS.includes(role));
}

export function answers(person: Person): boolean {
  return person.roles.includes("responder");
}

/** Who may take a case from the queue. */
export function mayClaim(person: Person): boolean {
  return answers(person) || watches(person);
}

/** Who asks and writes in this case: its responder, and whoever took a page for it. */
export function worksOn(person: Person, each: Case): boolean {
  if (each.state !== "active") return false;
  return each.responder === person.id || each.escalations.some((one) => one.taken_by === person.id);
}

/** Who sees cases at all; administrators and auditors do not. */
export function seesCases(person: Person): boolean {
  return watches(person) || answers(person) || person.roles.includes("clinician");
}

export function running(each: Case): Escalation[] {
  return each.escalations.filter((one) => one.state === "running" || one.state === "exhausted");
}

/** Whether somebody is being called, or must act this minute: what that needs then stands first. */
export function urgent(each: Case): boolean {
  return each.state !== "closed" && (each.risk === "imminent" || running(each).length > 0);
}

/** The ladder that matters most now: nobody came, then one at work, then the last that was taken. */
export function foremost(escalations: Escalation[]): Escalation | undefined {
  const rank = { exhausted: 0, running: 1, taken: 2, stood_down: 3 } as const;
  return [...escalations].sort(
    (a, b) => rank[a.state] - rank[b.state] || need(a.urgency) - need(b.urgency) || b.started_at.localeCompare(a.started_at),
  )[0];
}

export function pageFor(escalation: Escalation, person: Person): Page | undefined {
  if (escalation.state !== "running" && escalation.state !== "exhausted") return undefined;
  return escalation.pages.find((page) => page.person === person.id && page.state === "open");
}

export function currentStep(escalation: Escalation): Step | undefined {
  return escalation.steps.find((step) => step.number === escalation.step);
}

export function nextStep(escalation: Escalation): Step | undefined {
  return escalation.steps.find((step) => step.number === escalation.step + 1);
}

/** How much of the present step is over, 0 to 1. */
export function shareOver(escalation: Escalation, now: number): number {
  const step = currentStep(escalation);
  if (!step || !escalation.next_due_at || step.wait_seconds <= 0) return 0;
  const left = Date.parse(escalation.next_due_at) - now;
  return Math.min(1, Math.max(0, 1 - left / (step.wait_seconds * 1000)));
}
