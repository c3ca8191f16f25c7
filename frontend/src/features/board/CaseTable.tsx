// Every open case, by need. A row keeps its place while somebody points at it or stands on it.
import { memo, useState } from "react";
import type { Case } from "../../api/types";
import { foremost, shareOver } from "../../live/cases";
import { useNow, useStale } from "../../live/context";
import { Reasons } from "../../live/Reasons";
import { Mark, RiskWord } from "../../ui/Mark";
import { Rungs } from "../../ui/Rungs";
import { since, until } from "../../ui/time";
import { languageName, useWords } from "../../ui/words";
import { useLanguage } from "../../ui/choice";
import type { Kept } from "./held";

type Filter = "all" | "page" | "no_drill";

const PASSES: Record<Filter, (each: Case) => boolean> = {
  all: () => true,
  page: (each) => each.escalations.length > 0,
  no_drill: (each) => !each.drill,
};

interface Props {
  rows: Kept<Case>[];
  waiting: number;
  onSortNow: () => void;
}

export function CaseTable({ rows, waiting, onSortNow }: Props) {
  const w = useWords();
  const stale = useStale();
  const [filter, setFilter] = useState<Filter>("all");
  const shown = rows.filter((row) => PASSES[filter](row.value));
  const open = rows.filter((row) => !row.gone).length + waiting;
  const names: Record<Filter, string> = { all: w.board.all, page: w.board.withPage, no_drill: w.board.withoutDrills };
  return (
    <section className="table" aria-labelledby="h-cases" id="cases">
      <div className="section-head">
        <h2 id="h-cases">{w.board.cases}</h2>
        <span className="row meta">
          {waiting > 0 && (
            <button type="button" className="inline-link" onClick={onSortNow}>
              {w.board.showNow}
            </button>
          )}
          <span>{shown.length === open ? w.board.openCount(open) : w.board.shown(open, shown.length)}</span>
          {(Object.keys(names) as Filter[]).map((one) => (
            <button key={one} type="button" className="inline-link" aria-pressed={filter === one} onClick={() => setFilter(one)}>
              {names[one]}
            </button>
          ))}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className="second">{rows.length === 0 ? w.board.noCases : w.board.noneShown}</p>
      ) : (
        <table role="table" className={stale ? "cases stale" : "cases"}>
          <thead role="rowgroup">
            <tr role="row">
              {[w.board.colRisk, w.board.colCase, w.board.colTime, w.board.colWith, w.board.colBecause, w.board.colPage].map((word) => (
                <th role="columnheader" scope="col" key={word}>
                  {word}
                </th>
              ))}
              <th role="columnheader" scope="col">
                <span className="sr">{w.board.colAction}</span>
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {shown.map((row) => (
              <Row key={row.key} of={row.value} gone={row.gone} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Drawn anew only when its case changed; the counters in it step by themselves. */
const Row = memo(function Row({ of, gone }: { of: Case; gone: boolean }) {
  const w = useWords();
  const language = useLanguage();
  const address = `/case/${of.id}`;
  const because = of.risk_because.map((reason) => reason.words).join("; ");
  return (
    <tr role="row" className={gone ? "gone" : of.risk === "imminent" ? "is-imminent" : ""}>
      <td role="cell" className="c-risk">
        <RiskWord risk={of.risk} />
      </td>
      <th role="rowheader" scope="row" className="c-case">
        <a className="case-no" href={address}>
          {of.number}
        </a>{" "}
        {w.channel[of.channel]}{" "}
        {!of.language.startsWith(language) && (
          <span className="tag" lang={of.language}>
            {languageName(of.language)}
          </span>
        )}{" "}
        {of.drill && <span className="tag tag-drill">{w.drill}</span>}
      </th>
      <td role="cell" className="c-time time">
        {gone ? w.board.closed : <Time of={of} />}
      </td>
      <td role="cell" className="c-with">
        {of.responder_name ?? w.board.nobodyYet}
      </td>
      <td role="cell" className="why" title={because}>
        <span className="two-lines">
          {of.assist_asked_at && <b>{w.board.assist} </b>}
          {/* The risk itself has its own column. */}
          <Reasons of={of} without={of.risk} /> {because}
        </span>
      </td>
      <PageCell of={of} />
      <td role="cell" className="c-act">
        {!gone && (
          <a className="button" href={address} aria-label={w.board.openCase(of.number)}>
            {w.board.open}
          </a>
        )}
      </td>
    </tr>
  );
});

function Time({ of }: { of: Case }) {
  const w = useWords();
  const now = useNow();
  return of.state === "waiting" ? w.board.waitingFor(since(of.waiting_since ?? of.opened_at, now)) : since(of.opened_at, now);
}

function PageCell({ of }: { of: Case }) {
  const w = useWords();
  const now = useNow();
  const one = foremost(of.escalations);
  if (one?.state === "running") {
    return (
      <td role="cell" className="page-cell strong">
        <Rungs steps={one.steps.length} step={one.step} over={shareOver(one, now)} />
        <span className="sr">{w.board.stepOf(one.step, one.steps.length)}</span>
        <span className="num">{one.next_due_at ? w.board.nextIn(until(one.next_due_at, now)) : ""}</span>
      </td>
    );
  }
  if (one?.state === "exhausted") {
    return (
      <td role="cell" className="page-cell strong">
        <Mark shape="nobody" /> {w.board.nobodyCame}
      </td>
    );
  }
  if (one?.state === "taken") {
    return (
      <td role="cell" className="page-cell">
        <span className="two-lines">
          <Mark shape="tick" /> {w.board.hasIt(one.taken_by_name ?? "")}
        </span>
      </td>
    );
  }
  return <td role="cell" className="page-cell" />;
}
