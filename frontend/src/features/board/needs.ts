// What needs a supervisor, in order: alarms that nobody answered, then by age. Pure.
import type { Case, Duty, Escalation, OnCall, OwedDuty, Service } from "../../api/types";
import { foremost, need, running } from "../../live/cases";
import type { Picture } from "../../live/reduce";
import { isOverdue as isLate, owed } from "../../live/duties";
import { inOrder, isOverdue } from "../../live/turn";

/** Longer than this, or past its own longest, a wait stands under "Needs you": twice the field's usual goal. */
export const LONG_WAIT_MS = 120_000;

export type Need =
  | { kind: "nobody_took"; key: string; since: string; case: Case; escalation: Escalation }
  | { kind: "assist"; key: string; since: string; case: Case }
  | { kind: "page"; key: string; since: string; case: Case; escalation: Escalation }
  | { kind: "broken_rule"; key: string; since: string; case: Case }
  | { kind: "long_wait"; key: string; since: string; case: Case }
  | { kind: "overdue"; key: string; since: string; case: Case; duties: Duty[] }
  | { kind: "late_after_closing"; key: string; since: string; duties: [OwedDuty, ...OwedDuty[]] }
  | { kind: "notice"; key: string; since: string; case: Case; duty: Duty }
  | { kind: "nobody_on_call"; key: string; since: null; onCall: OnCall }
  | { kind: "rota_lacks"; key: string; since: null; onCall: OnCall }
  | { kind: "trouble"; key: string; since: null; words: string }
  | { kind: "rules_refused"; key: string; since: null; problems: string[] };

export function needsOf(picture: Pick<Picture, "cases" | "on_call" | "service">, now: number, afterClosing: readonly OwedDuty[] = []): Need[] {
  // In the order of the queue before it is sorted: of those who wait too long, whoever is next stands first.
  const found = [...inOrder(picture.cases.values(), now).flatMap((each) => ofCase(each, now)), ...lateAfterClosing(afterClosing, now)];
  return [...found.sort(byUrgency), ...ofService(picture.service, picture.on_call)];
}

function ofCase(each: Case, now: number): Need[] {
  const needs: Need[] = [];
  // Of several ladders of one case, the one that matters most: a case stands here once, not once per ladder.
  const escalation = foremost(running(each));
  if (escalation) {
    const kind = escalation.state === "exhausted" ? "nobody_took" : "page";
    needs.push({ kind, key: `${kind} ${each.id}`, since: escalation.started_at, case: each, escalation });
  }
  if (each.assist_asked_at) {
    needs.push({ kind: "assist", key: `assist ${each.id} ${each.assist_asked_at}`, since: each.assist_asked_at, case: each });
  }
  if (each.broken_rules.length > 0) {
    needs.push({ kind: "broken_rule", key: `broken ${each.id} ${each.broken_rules.join()}`, since: each.opened_at, case: each });
  }
  const waits = each.state === "waiting" ? (each.waiting_since ?? each.opened_at) : null;
  if (waits !== null && (now - Date.parse(waits) >= LONG_WAIT_MS || isOverdue(each, now))) {
    needs.push({ kind: "long_wait", key: `wait ${each.id}`, since: waits, case: each });
  }
  return [...needs, ...ofDuties(each, now)];
}

/** What is owed and late, once for a case; and every notice, since each is seen by itself. */
function ofDuties(each: Case, now: number): Need[] {
  const open = owed(each.duties);
  const late = open.filter((duty) => isLate(duty, now));
  const since = late.map((duty) => duty.due_at ?? duty.opened_at).sort()[0];
  const notices = open
    .filter((duty) => duty.kind === "notify" && !late.includes(duty))
    .map((duty): Need => ({ kind: "notice", key: `notice ${each.id} ${duty.id}`, since: duty.opened_at, case: each, duty }));
  if (since === undefined) return notices;
  return [{ kind: "overdue", key: `overdue ${each.id} ${late.map((duty) => duty.id).join()}`, since, case: each, duties: late }, ...notices];
}

/** What a closed case still owes and is late, once for a case. */
function lateAfterClosing(list: readonly OwedDuty[], now: number): Need[] {
  const byCase = new Map<string, [OwedDuty, ...OwedDuty[]]>();
  for (const one of list.filter((each) => isLate(each, now))) {
    const before = byCase.get(one.case);
    if (before) before.push(one);
    else byCase.set(one.case, [one]);
  }
  return [...byCase].map(([id, duties]) => {
    const since = duties.map((duty) => duty.due_at ?? duty.opened_at).sort()[0] ?? duties[0].opened_at;
    return { kind: "late_after_closing", key: `late ${id} ${duties.map((duty) => duty.id).join()}`, since, duties };
  });
}

type OfCase = Exclude<Need, { since: null }>;

const RANK: Record<OfCase["kind"], number> = {
  nobody_took: 0,
  assist: 1,
  page: 1,
  long_wait: 2,
  overdue: 3,
  broken_rule: 3,
  late_after_closing: 3,
  notice: 4,
};

/** Alarms that nobody answered come first; then who asked or was paged first; then who waits; then what is late; then notices. */
function byUrgency(a: Need, b: Need): number {
  const [first, second] = [a as OfCase, b as OfCase];
  return RANK[first.kind] - RANK[second.kind] || (first.kind === "long_wait" ? 0 : byAge(first, second));
}

function byAge(first: OfCase, second: OfCase): number {
  const bySince = first.since.localeCompare(second.since);
  return bySince || byRisk(first) - byRisk(second) || first.key.localeCompare(second.key);
}

/** A closed case has no risk to go by: of two of an age, whoever is still here comes first. */
const byRisk = (one: OfCase): number => ("case" in one ? need(one.case.risk) : need("none"));

/** The last resort is not on call: where only they answer, nobody is there who should be. */
function ofRota(one: OnCall): Need[] {
  if (one.people.length === 0 || one.by_last_resort) return [{ kind: "nobody_on_call", key: `rota ${one.rota}`, since: null, onCall: one }];
  return one.lacking ? [{ kind: "rota_lacks", key: `lacks ${one.rota}`, since: null, onCall: one }] : [];
}

function ofService(service: Service, onCall: OnCall[]): Need[] {
  return [
    ...onCall.flatMap(ofRota),
    // What a rota says of itself stands with that rota already.
    ...service.troubles.filter((words) => !onCall.some((one) => one.trouble === words)).map((words): Need => ({ kind: "trouble", key: `trouble ${words}`, since: null, words })),
    ...(service.rules_problems.length > 0
      ? [{ kind: "rules_refused", key: "rules", since: null, problems: service.rules_problems } satisfies Need]
      : []),
  ];
}
