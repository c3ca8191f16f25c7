// "Needs you": each with its age, one sentence, and what can be done about it.
import { Fragment, type ReactNode } from "react";
import type { Case, Duty, Escalation } from "../../api/types";
import { running } from "../../live/cases";
import { useNow, useStale } from "../../live/context";
import { Reasons } from "../../live/Reasons";
import { Mark, RiskWord } from "../../ui/Mark";
import { since } from "../../ui/time";
import { useWords } from "../../ui/words";
import { LadderLine } from "./LadderLine";
import { type Hold, type Kept, useKeptHeight } from "./held";
import type { Need } from "./needs";

interface Props {
  rows: Kept<Need>[];
  waiting: number;
  hold: Hold;
  take: (caseId: string, escalationId: string) => ReactNode;
  /** "Seen", for a notice to me. */
  seen: (caseId: string, duty: Duty) => ReactNode;
  /** Who was tried in a ladder, and what is sent next. */
  tries: (escalation: Escalation, named: boolean) => ReactNode;
}

export function Needs({ rows, waiting, hold, take, seen, tries }: Props) {
  const w = useWords();
  const stale = useStale();
  const room = useKeptHeight(hold);
  return (
    <section className={stale ? "needs stale" : "needs"} aria-labelledby="h-needs" ref={room}>
      <div className="section-head">
        <h2 id="h-needs">{w.board.needs}</h2>
        {/* This line is always here, so that news in it moves nothing below. */}
        <span className="meta">
          {waiting > 0 ? (
            <>
              <b>{w.board.more(waiting)}</b>{" "}
              <button type="button" className="inline-link" onClick={hold.sortNow}>
                {w.board.showNow}
              </button>
            </>
          ) : rows.length > 0 ? (
            w.board.mostUrgentFirst
          ) : (
            ""
          )}
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="second">{w.board.needsNobody}</p>
      ) : (
        <ol>
          {rows.map(({ key, value, gone }) => (
            <li key={key} className={gone ? "gone" : ""}>
              <One need={value} take={gone ? () => null : take} seen={gone ? () => null : seen} tries={tries} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function One({ need, take, seen, tries }: { need: Need } & Pick<Props, "take" | "seen" | "tries">) {
  const w = useWords();
  switch (need.kind) {
    case "nobody_took":
      return (
        <>
          <Head words={w.board.everyStepTried} since={need.since} nobody />
          <About of={need.case} />
          <p className="second">{w.board.alarmStands}</p>
          <Act of={need.case}>{take(need.case.id, need.escalation.id)}</Act>
          <AllTries of={need.case} first={need.escalation} tries={tries} />
        </>
      );
    case "page":
      return (
        <>
          <Head words={w.board.nobodyTook} since={need.since} />
          <About of={need.case} />
          <LadderLine escalation={need.escalation} />
          <Act of={need.case}>{take(need.case.id, need.escalation.id)}</Act>
          <AllTries of={need.case} first={need.escalation} tries={tries} />
        </>
      );
    case "assist":
      return (
        <>
          <Head words={need.case.assist_asked_by ? w.board.asks(need.case.assist_asked_by) : w.board.somebodyAsks} since={need.since} />
          <About of={need.case} />
          <Act of={need.case} />
        </>
      );
    case "broken_rule":
      return (
        <>
          <Head words={w.board.brokenRule} since={null} />
          <About of={need.case} />
          <p className="second">{w.board.brokenMore(need.case.broken_rules.join(", "))}</p>
          <Act of={need.case} />
        </>
      );
    case "long_wait":
      return (
        <>
          <Head words={w.board.waitsLong} since={need.since} />
          <About of={need.case} />
          <p className="second">
            <Reasons of={need.case} />
          </p>
          <Act of={need.case} />
        </>
      );
    case "overdue":
      return (
        <>
          <Head words={w.duties.overdueNeed(need.duties.length)} since={need.since} />
          <About of={need.case} />
          <p className="second">{need.duties.map((duty) => duty.title).join("; ")}</p>
          <Act of={need.case} />
        </>
      );
    case "late_after_closing": {
      const [first] = need.duties;
      return (
        <>
          <Head words={w.duties.lateAfterClosing(need.duties.length)} since={need.since} />
          <p>
            {w.duties.closedCase(first.case_number)} {first.drill && <span className="tag tag-drill">{w.drill}</span>}
          </p>
          <p className="second">{need.duties.map((duty) => duty.title).join("; ")}</p>
          <Act of={{ id: first.case, number: first.case_number }} />
        </>
      );
    }
    case "notice":
      return (
        <>
          <Head words={need.duty.title} since={need.since} />
          <About of={need.case} />
          <p className="second">{need.duty.why}</p>
          <Act of={need.case}>{seen(need.case.id, need.duty)}</Act>
        </>
      );
    case "nobody_on_call":
      return (
        <>
          <Head words={w.board.nobodyOnCall(need.onCall.rota)} since={null} nobody />
          {need.onCall.trouble && <p className="second">{need.onCall.trouble}</p>}
          <ToRota rota={need.onCall.rota} />
        </>
      );
    case "rota_lacks":
      return (
        <>
          <Head words={w.board.rotaLacks(need.onCall.rota)} since={null} nobody />
          {need.onCall.trouble && <p className="second">{need.onCall.trouble}</p>}
          <ToRota rota={need.onCall.rota} />
        </>
      );
    case "trouble":
      return (
        <>
          <Head words={w.board.trouble} since={null} />
          <p className="second">{need.words}</p>
        </>
      );
    case "rules_refused":
      return (
        <>
          <Head words={w.board.rulesRefused} since={null} />
          {need.problems.map((problem) => (
            <p className="second" key={problem}>
              {problem}
            </p>
          ))}
        </>
      );
  }
}

function ToRota({ rota }: { rota: string }) {
  const w = useWords();
  return (
    <div className="row">
      <a className="button" href={`/rota/${encodeURIComponent(rota)}`}>
        {w.rota.open}
        <span className="sr"> {rota}</span>
      </a>
    </div>
  );
}

function Head({ words, since: from, nobody = false }: { words: string; since: string | null; nobody?: boolean }) {
  const now = useNow();
  return (
    <div className="head">
      <h3>
        {nobody && <Mark shape="nobody" />} {words}
      </h3>
      {from && <span className="num strong time">{since(from, now)}</span>}
    </div>
  );
}

function About({ of }: { of: Case }) {
  const w = useWords();
  return (
    <p>
      <RiskWord risk={of.risk} /> {w.board.caseLine(of.number, w.channel[of.channel].toLowerCase())}{" "}
      {of.drill && <span className="tag tag-drill">{w.drill}</span>}
    </p>
  );
}

/** What can be done stands above these: a long night's tries would push it off a telephone's screen.
 *  Of every ladder of this case that still looks for somebody, the foremost first; the others by their names. */
function AllTries({ of, first, tries }: { of: Case; first: Escalation } & Pick<Props, "tries">) {
  const others = running(of).filter((one) => one.id !== first.id);
  return [first, ...others].map((one) => <Fragment key={one.id}>{tries(one, one !== first)}</Fragment>);
}

function Act({ of, children }: { of: Pick<Case, "id" | "number">; children?: ReactNode }) {
  const w = useWords();
  return (
    <div className="row">
      {children}
      <a className="button" href={`/case/${of.id}`}>
        {w.board.open}
        <span className="sr"> {of.number}</span>
      </a>
    </div>
  );
}
