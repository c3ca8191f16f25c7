// What is owed in closed cases: fetched, since the live picture holds open cases only. Pure.
import type { Case, OwedDuty } from "../api/types";
import { isOpen } from "./duties";

/** The list after a change of ours, as the server answered it: what was settled goes, the rest stands as it is now. */
export function afterChange(list: readonly OwedDuty[], changed: Case): OwedDuty[] {
  return list.flatMap((one) => {
    const now = one.case === changed.id ? changed.duties.find((duty) => duty.id === one.id) : undefined;
    if (now === undefined) return [one];
    return isOpen(now) ? [{ ...one, ...now }] : [];
  });
}

/** One by one, under a name of their own. */
export const keyOf = (one: OwedDuty): string => `${one.case} ${one.id}`;
