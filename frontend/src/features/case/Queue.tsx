// Who waits, in the order in which they are answered. Enter answers the first.
import { useEffect, useRef, useState } from "react";
import type { Case, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useNow, useStale } from "../../live/context";
import { Reasons } from "../../live/Reasons";
import { LiveButton } from "../../ui/LiveButton";
import { RiskWord } from "../../ui/Mark";
import { Refused } from "../../ui/Refused";
import { since } from "../../ui/time";
import { languageName, useWords } from "../../ui/words";

export function Queue({ waiting, onClaimed }: { waiting: Case[]; onClaimed: (done: Done) => void }) {
  const w = useWords();
  const stale = useStale();
  const { send, problem, busy } = useSend();
  const [wanted, setWanted] = useState<string | null>(null);
  const answer = useRef<HTMLDivElement>(null);
  const next = waiting[0];
  const anyone = next !== undefined;

  // One key from ringing to the first question: the button has the focus as soon as somebody waits.
  useEffect(() => {
    const nobodyElse = document.activeElement === null || document.activeElement === document.body;
    if (anyone && nobodyElse) answer.current?.querySelector("button")?.focus();
  }, [anyone]);

  async function claim(each: Case) {
    setWanted(each.number);
    const done = await send<Done>(`/api/cases/${each.id}/claim`);
    if (done) onClaimed(done);
  }

  return (
    <main className="queue" id="waiting">
      <div className="section-head">
        <h1>{w.case.waiting}</h1>
        <span className="meta">{anyone ? w.case.inOrder : ""}</span>
      </div>
      {/* Said again only for the case it was about: a refusal must not stand beside another number. */}
      {problem && wanted && <p className="meta">{w.case.title(wanted)}</p>}
      <Refused problem={problem} />
      {next ? (
        <>
          <div className="answer-next" ref={answer}>
            <LiveButton stale={stale} className="button button-act" aria-busy={busy} onClick={() => void claim(next)}>
              {w.case.answerNext(next.number)} <kbd>Enter</kbd>
            </LiveButton>
          </div>
          <List waiting={waiting} onClaim={(each) => void claim(each)} />
        </>
      ) : (
        <div className="nobody-waits">
          <p>
            <span className="big num">0</span> {w.case.nobodyWaits}
          </p>
          <p className="second">{w.case.nobodyWaitsMore}</p>
        </div>
      )}
    </main>
  );
}

function List({ waiting, onClaim }: { waiting: Case[]; onClaim: (each: Case) => void }) {
  const w = useWords();
  const now = useNow();
  const stale = useStale();
  return (
    <table role="table" className={stale ? "cases stale" : "cases"}>
      <thead role="rowgroup">
        <tr role="row">
          {[w.case.risk, w.case.caseWord, w.case.since, w.queue.whyHere, w.case.language].map((word) => (
            <th role="columnheader" scope="col" key={word}>
              {word}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span className="sr">{w.case.answer}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {waiting.map((each) => (
          <tr role="row" key={each.id} className={each.risk === "imminent" ? "is-imminent" : ""}>
            <td role="cell" className="c-risk">
              <RiskWord risk={each.risk} />
            </td>
            <th role="rowheader" scope="row" className="c-case">
              <b>{each.number}</b> {w.channel[each.channel]} {each.drill && <span className="tag tag-drill">{w.drill}</span>}
            </th>
            <td role="cell" className="c-time time">
              {since(each.waiting_since ?? each.opened_at, now)}
            </td>
            <td role="cell" className="why">
              <span className="two-lines">
                <Reasons of={each} />
              </span>
            </td>
            <td role="cell" className="c-with" lang={each.language}>
              {languageName(each.language)}
            </td>
            <td role="cell" className="c-act">
              <LiveButton stale={stale} onClick={() => onClaim(each)}>
                {w.case.answer}
                <span className="sr"> {each.number}</span>
              </LiveButton>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
