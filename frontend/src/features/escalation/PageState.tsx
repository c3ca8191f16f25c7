// How the page stands: the ladder, who was reached, who has it. It runs by itself; nobody needs to watch it.
import type { ReactNode } from "react";
import type { Case, Channel, Escalation, Person, Step } from "../../api/types";
import { currentStep, foremost, nextStep } from "../../live/cases";
import { owed } from "../../live/duties";
import { headline, pageName } from "../../live/pages";
import { useNow, useStale } from "../../live/context";
import { Mark } from "../../ui/Mark";
import { clock, span, until } from "../../ui/time";
import { useWords } from "../../ui/words";
import { Emergency } from "./Emergency";
import { PageSomebody } from "./PageSomebody";
import { StandDown } from "./StandDown";
import { TakePage } from "./TakePage";
import { MoveOn } from "./MoveOn";
import { Contact, NextTries, PageTries } from "./Tries";
import { stepAt, targetWords, thenWords } from "./ladder";

interface Props {
  of: Case;
  me: Person;
  mayStandDown: boolean;
  /** Whether this person may send it to the next step before its time. */
  mayMoveOn: boolean;
  /** Whether this person may page somebody of their own choice. */
  mayPage: boolean;
}

export function PageState({ of, me, mayStandDown, mayMoveOn, mayPage }: Props) {
  const w = useWords();
  const first = foremost(of.escalations);
  const others = of.escalations.filter((one) => one !== first && one.state !== "stood_down");
  // One frame for all: what is open in here stays open when somebody is paged meanwhile.
  return (
    <section className="group ruled" aria-labelledby="h-page">
      <h2 id="h-page" tabIndex={-1}>
        {first ? `${pageName(first, w)}: ${headline(first, w)}` : w.ask.noPage}
      </h2>
      {first && <Ladder of={of} escalation={first} me={me} />}
      {others.length > 0 && (
        <ul className="history">
          {others.map((one) => (
            <li key={one.id}>
              {pageName(one, w)}: {headline(one, w)}
              <TakePage escalation={one} me={me} number={of.number} />
            </li>
          ))}
        </ul>
      )}
      <div className="second runs-itself">
        {runsItself(first, of.channel, w)}
        {mayMoveOn && first?.state === "running" && nextStep(first) && <MoveOn caseId={of.id} escalation={first} />}
        {mayPage && <PageSomebody of={of} />}
      </div>
      <Emergency />
      {mayStandDown && (first?.state === "running" || first?.state === "exhausted") && <StandDown caseId={of.id} />}
    </section>
  );
}

type W = ReturnType<typeof useWords>;

function runsItself(first: Escalation | undefined, channel: Channel, w: W): string {
  if (!first) return w.ask.noPageMore;
  if (first.state === "taken") return w.ask.nobodyElse;
  return first.state !== "running" ? "" : channel === "voice" ? w.ask.itselfCall : w.ask.itself;
}

function Ladder({ of, escalation, me }: { of: Case; escalation: Escalation; me: Person }) {
  const w = useWords();
  // The countdown names the next step already, and room is short.
  const named = escalation.state === "running" && escalation.next_due_at !== null ? nextStep(escalation) : undefined;
  // What to do comes before who was tried.
  const folded = escalation.state === "running" && owed(of.duties).some((duty) => duty.kind === "emergency");
  const rungs = (
    <>
      <ol className="ladder">
        {escalation.state === "taken" && escalation.taken_at && (
          <li className="now">
            <span className="step">
              <Mark shape="tick" />
            </span>
            <span className="strong">
              {w.ask.takenAfter(span(Date.parse(escalation.taken_at) - Date.parse(escalation.started_at)))}
            </span>
            <span className="meta num">{clock(escalation.taken_at)}</span>
            <span className="ways">
              <span>{meansWords(escalation, w)}</span>
            </span>
          </li>
        )}
        {escalation.steps
          .filter((step) => step.taken_at !== null || (escalation.state !== "taken" && step !== named))
          .map((step) => (
            <Rung key={step.number} escalation={escalation} step={step} />
          ))}
      </ol>
      <NextTries escalation={escalation} />
    </>
  );
  return (
    <>
      {escalation.state === "running" && <Countdown escalation={escalation} />}
      {escalation.state === "exhausted" && (
        <p className="nobody-line">
          <Mark shape="nobody" /> {w.ask.exhausted}
        </p>
      )}
      <TakePage escalation={escalation} me={me} number={of.number} />
      <Contact escalation={escalation} />
      {folded ? <Folded escalation={escalation}>{rungs}</Folded> : rungs}
    </>
  );
}

/** While emergency services are still to be decided on: one person's latest try in a line, which opens to all the rest. */
function Folded({ escalation, children }: { escalation: Escalation; children: ReactNode }) {
  const w = useWords();
  const page = escalation.pages.find((one) => one.step === escalation.step);
  return (
    <details className="results tried">
      <summary>
        {/* Opened, it stands below with all the others. */}
        {page && (
          <span className="tried-now">
            <b>{page.name}:</b> <PageTries page={page} latest /> <span className="meta num">{clock(page.at)}</span>
          </span>
        )}{" "}
        <span className="meta">{w.ask.triesOf(pageName(escalation, w))}</span>
      </summary>
      {children}
    </details>
  );
}

function meansWords(escalation: Escalation, w: W): string {
  const means = escalation.taken_means;
  return means === "reply" || means === "digit" || means === "button" ? w.ask.means[means] : (means ?? "");
}

function Countdown({ escalation }: { escalation: Escalation }) {
  const w = useWords();
  const now = useNow();
  const stale = useStale();
  const due = escalation.next_due_at;
  const step = currentStep(escalation);
  if (!due) return null;
  const left = Math.max(0, Math.ceil((Date.parse(due) - now) / 1000));
  const of = step?.wait_seconds ?? left;
  return (
    <>
      <div className={stale ? "count stale" : "count"} role="timer" aria-label={w.ask.timeLeft}>
        <span className="count-num">{until(due, now)}</span>
        <span className="count-what">{thenWords(escalation, w)}</span>
      </div>
      <progress max={Math.max(1, of)} value={Math.min(of, of - left)} aria-label={w.ask.timeLeft}>
        {w.ask.leftOf(left, of)}
      </progress>
    </>
  );
}

function Rung({ escalation, step }: { escalation: Escalation; step: Step }) {
  const w = useWords();
  const pages = escalation.pages.filter((page) => page.step === step.number);
  const taken = step.taken_at !== null;
  const at = stepAt(escalation, step);
  const isNow = taken && step.number === escalation.step && escalation.state === "running";
  return (
    <>
      {pages.length === 0 ? (
        <li className={taken ? "now" : "later"}>
          <span className="step">{step.number}</span>
          <span>{targetWords(step)}</span>
          <span className="meta num">{at === null ? "" : clock(at)}</span>
          {taken && (
            <span className="ways">
              <span>{w.ask.nobodyOnStep}</span>
            </span>
          )}
        </li>
      ) : (
        pages.map((page, index) => (
          <li key={page.id} className={isNow ? "now" : "later"}>
            <span className="step">{index === 0 ? step.number : ""}</span>
            <span className={isNow ? "strong" : ""}>{page.name}</span>
            <span className="meta num">{clock(page.at)}</span>
            <span className="ways">
              <PageTries page={page} />
            </span>
          </li>
        ))
      )}
    </>
  );
}
