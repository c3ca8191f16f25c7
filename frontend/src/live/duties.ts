// What rules ask of people besides a page: in which order it stands, who may say what became of it. Pure.
import type { Case, CaseDetail, Duty, DutyKind, Person } from "../api/types";

/** Emergency services first, then what holds the case open, then what outlives it: reports, call-backs, notices. */
const ORDER: Record<DutyKind, number> = {
  emergency: 0,
  means_safety: 1,
  consult: 1,
  reason: 1,
  ask: 2,
  report: 3,
  follow_up: 4,
  notify: 5,
};

/** What cannot be done by a tick: the reason itself, who was consulted, which service was called. */
const NEEDS_WORDS: readonly DutyKind[] = ["reason", "consult", "emergency", "means_safety", "report", "follow_up"];

export const WITHOUT_CONSENT = "without_consent";

export const isOpen = (duty: Duty): boolean => duty.state === "open";

/** What is still owed, in the order in which it matters; of two of a kind, the sooner due, then the older. */
export function owed(duties: readonly Duty[]): Duty[] {
  return duties.filter(isOpen).sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || byTime(a, b));
}

/** What was done or declined, the latest first. */
export function settled(duties: readonly Duty[]): Duty[] {
  return duties.filter((duty) => !isOpen(duty)).sort((a, b) => (b.ended_at ?? "").localeCompare(a.ended_at ?? ""));
}

function byTime(a: Duty, b: Duty): number {
  if (a.due_at !== b.due_at) return a.due_at === null ? 1 : b.due_at === null ? -1 : a.due_at.localeCompare(b.due_at);
  return a.opened_at.localeCompare(b.opened_at) || a.id.localeCompare(b.id);
}

/** What must be done or declined before this case can be closed. */
export function holdsOpen(of: Case): Duty[] {
  return owed(of.duties).filter((duty) => duty.holds_the_case_open);
}

export function isOverdue(duty: Duty, now: number): boolean {
  return isOpen(duty) && duty.due_at !== null && Date.parse(duty.due_at) <= now;
}

export function needsWords(duty: Duty): boolean {
  return NEEDS_WORDS.includes(duty.kind);
}

/** The live picture has no words and no names: they are taken from what was fetched, as far as it is about the same. */
export function withWords(live: readonly Duty[], fetched: readonly Duty[]): Duty[] {
  const known = new Map(fetched.map((duty) => [duty.id, duty]));
  return live.map((duty) => {
    const had = known.get(duty.id);
    const same = had?.state === duty.state && had.decline_proposed_by === duty.decline_proposed_by;
    return had && same ? had : duty;
  });
}

/** Whoever works on a case may settle what it owes and fill in its papers, even after it was closed. */
export function mayFill(person: Person, of: Case): boolean {
  return (
    person.roles.some((role) => role === "supervisor" || role === "clinical_lead") ||
    of.responder === person.id ||
    of.escalations.some((one) => one.pages.some((page) => page.person === person.id))
  );
}

/** A notice is seen by the role it is for. */
export function isFor(duty: Duty, person: Person): boolean {
  return duty.kind === "notify" && person.roles.some((role) => role === duty.of);
}

/** The second person is another one, and a clinician, a supervisor or the clinical lead. */
export function maySecond(duty: Duty, person: Person): boolean {
  return (
    duty.needs_second &&
    duty.decline_proposed_by !== null &&
    duty.decline_proposed_by !== person.id &&
    person.roles.some((role) => role === "clinician" || role === "supervisor" || role === "clinical_lead")
  );
}

/** Which form a report is written on: its own, if there is one of that name; else the common one. */
export function formOf(duty: Duty, forms: readonly string[]): string | null {
  const about = duty.of.split(".")[0] ?? "";
  return forms.find((form) => form === about) ?? forms.find((form) => form === "mandated_report") ?? null;
}

/** The names of people: those the detail brought, those at work, or the id. */
export function nameIn(detail: Pick<CaseDetail, "duties">, staff: readonly { id: string; name: string }[], id: string): string {
  for (const duty of detail.duties) {
    if (duty.by === id && duty.by_name) return duty.by_name;
    if (duty.second === id && duty.second_name) return duty.second_name;
    if (duty.decline_proposed_by === id && duty.decline_proposed_by_name) return duty.decline_proposed_by_name;
  }
  return staff.find((one) => one.id === id)?.name ?? id;
}
