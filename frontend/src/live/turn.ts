// In which order waiting people are answered, and why. Pure; the server's queue is fed the same samples
// (tests/samples/queue). The order changes as time passes, without a word from the server: each rank says when.
import type { Case } from "../api/types";
import { need } from "./cases";

/** What the order looks at. */
export type Placed = Pick<Case, "id" | "state" | "risk" | "opened_at" | "waiting_since" | "rank">;
export type Reason = NonNullable<Case["rank"]>["because"][number]["reason"];

const GROUP = { dangerNow: 0, overdue: 1, others: 2 };

/** Whether somebody has waited longer than they ever should: only danger now, or a longer such wait, goes before them. */
export function isOverdue(each: Placed, now: number): boolean {
  return each.state === "waiting" && each.rank !== null && Date.parse(each.rank.overdue_at) <= now;
}

export function hungUp(each: Placed): boolean {
  return each.rank?.because.some((one) => one.reason === "hung_up") ?? false;
}

/** All cases, the one that needs somebody most first; those that wait stand in the order in which they are answered. */
export function inOrder<T extends Placed>(cases: Iterable<T>, now: number): T[] {
  return [...cases]
    .map((each) => ({ each, place: placeOf(each, now) }))
    .sort((a, b) => compare(a.place, b.place))
    .map((one) => one.each);
}

type Place = [...numbers: number[], id: string];

function placeOf(each: Placed, now: number): Place {
  if (each.state !== "waiting" || each.rank === null) {
    const group = each.risk === "imminent" ? GROUP.dangerNow : GROUP.others;
    return [group, need(each.risk), 1, 0, Date.parse(each.opened_at), each.id];
  }
  const like = each.rank.class;
  const since = Date.parse(each.waiting_since ?? each.opened_at);
  const gone = Number(hungUp(each));
  if (like === "imminent") return [GROUP.dangerNow, 0, 0, gone, since, each.id];
  if (isOverdue(each, now)) return [GROUP.overdue, 0, 0, 0, Date.parse(each.rank.overdue_at), each.id];
  return [GROUP.others, need(like), 0, gone, since, each.id];
}

function compare(a: Place, b: Place): number {
  for (let at = 0; at < a.length; at += 1) {
    const [one, other] = [a[at], b[at]];
    if (one === undefined || other === undefined || one === other) continue;
    return one < other ? -1 : 1;
  }
  return 0;
}
