// "Still owed after closing": what outlives its case, soonest due first, until somebody says what became of it.
import { type ReactNode, useState } from "react";
import type { Problem } from "../../api/client";
import type { OwedDuty } from "../../api/types";
import { useNow, useStale } from "../../live/context";
import { keyOf } from "../../live/owed";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { day, dayAndTime } from "../../ui/time";
import { useWords } from "../../ui/words";
import { useHeld, useHold } from "./held";

/** So many are shown at first: what is late stands above anyway. */
const AT_FIRST = 6;
const A_DAY = 86_400_000;

interface Props {
  list: readonly OwedDuty[];
  problem: Problem | null;
  /** What is owed, and the buttons of whoever may say what became of it. */
  one: (owed: OwedDuty) => ReactNode;
}

export function AfterClosing({ list, problem, one }: Props) {
  const w = useWords();
  const stale = useStale();
  const hold = useHold();
  const { rows } = useHeld(
    list.map((each) => ({ key: keyOf(each), value: each })),
    hold,
  );
  const [all, setAll] = useState(false);
  // Once here it stays, so that whoever settled the last is not left on a place that is gone.
  const [wasHere, setWasHere] = useState(false);
  if (rows.length > 0 && !wasHere) setWasHere(true);
  const refused = stale ? null : problem;
  if (!wasHere && refused === null) return null;
  const shown = all ? rows : rows.slice(0, AT_FIRST);
  return (
    <section className={stale || problem !== null ? "after-closing stale" : "after-closing"} aria-labelledby="h-owed">
      <div className="section-head">
        <h2 id="h-owed" tabIndex={-1}>
          {w.duties.afterClosing}
        </h2>
        {list.length > 0 && <span className="meta">{w.duties.soonestFirst(list.length)}</span>}
      </div>
      <Refused problem={refused} />
      {rows.length === 0 && refused === null && <p className="second">{w.duties.nothing}</p>}
      <ol {...hold.bind}>
        {shown.map(({ key, value, gone }) => (
          <li key={key} className={gone ? "duty gone" : "duty"}>
            <About of={value} />
            {gone ? <p className="duty-title">{value.title}</p> : one(value)}
          </li>
        ))}
      </ol>
      {shown.length < rows.length && (
        <button type="button" className="inline-link" onClick={() => setAll(true)}>
          {w.duties.showAll(rows.length)}
        </button>
      )}
    </section>
  );
}

function About({ of }: { of: OwedDuty }) {
  const w = useWords();
  const now = useNow();
  const language = useLanguage();
  const at = of.closed_at ?? of.opened_at;
  const when = now - Date.parse(at) < A_DAY ? dayAndTime(at, now, language) : day(at, language);
  return (
    <p className="after-closing-case">
      <a className="case-no" href={`/case/${of.case}`} aria-label={w.board.openCase(of.case_number)}>
        {of.case_number}
      </a>{" "}
      <span className="meta">{w.duties.closedAt(when)}</span> {of.drill && <span className="tag tag-drill">{w.drill}</span>}
    </p>
  );
}
