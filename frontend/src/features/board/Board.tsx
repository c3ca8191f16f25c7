// Answers "who needs me now" before "how are we doing".
import type { ReactNode } from "react";
import type { Duty, Escalation, OwedDuty } from "../../api/types";
import { useNow } from "../../live/context";
import type { Picture } from "../../live/reduce";
import { inOrder } from "../../live/turn";
import { useWords } from "../../ui/words";
import { CaseTable } from "./CaseTable";
import { Needs } from "./Needs";
import { Numbers } from "./Numbers";
import { useHeld, useHold } from "./held";
import { needsOf } from "./needs";

interface Props {
  picture: Picture;
  people: ReactNode;
  /** "I have it", for a need whose page is mine. */
  take: (caseId: string, escalationId: string) => ReactNode;
  /** "Seen", for a notice to me. */
  seen: (caseId: string, duty: Duty) => ReactNode;
  /** Who was tried in a ladder, and what is sent next. */
  tries: (escalation: Escalation, named: boolean) => ReactNode;
  /** What is owed in closed cases, and the list of it. */
  owed: readonly OwedDuty[];
  afterClosing: ReactNode;
}

export function Board({ picture, people, take, seen, tries, owed, afterClosing }: Props) {
  const w = useWords();
  const now = useNow();
  // One hold for both lists: a new need above would push the rows of the table below.
  const hold = useHold();
  const needs = useHeld(
    needsOf(picture, now, owed).map((each) => ({ key: each.key, value: each })),
    hold,
  );
  const cases = useHeld(
    inOrder(picture.cases.values(), now).map((each) => ({ key: each.id, value: each })),
    hold,
  );
  return (
    <main className="board">
      <h1 className="sr">{w.boardTitle}</h1>
      <Numbers picture={picture} />
      <div className="held-region" {...hold.bind}>
        <Needs hold={hold} rows={needs.rows} waiting={needs.waiting} take={take} seen={seen} tries={tries} />
        <CaseTable rows={cases.rows} waiting={cases.waiting} onSortNow={hold.sortNow} />
      </div>
      {/* Below the open cases: it may appear at any moment, and must not push them. */}
      {afterClosing}
      {people}
    </main>
  );
}
