// Who was tried, by what, with what result and how long it took; and what is sent next, to whom, and when.
import type { Attempt, Escalation, Page } from "../../api/types";
import { useNow } from "../../live/context";
import { pageName } from "../../live/pages";
import { Mark } from "../../ui/Mark";
import { span, until } from "../../ui/time";
import { useWords } from "../../ui/words";
import { attemptWords, begun, nextTries, took } from "./ladder";

/** For the board: every try of one ladder, and the next. */
export function Tries({ escalation, named = false }: { escalation: Escalation; named?: boolean }) {
  const w = useWords();
  const now = useNow();
  return (
    <ul className="tries" aria-label={w.ask.triesOf(pageName(escalation, w))}>
      {named && (
        <li>
          <span className="tries-head">{pageName(escalation, w)}</span>
        </li>
      )}
      <Takers escalation={escalation} />
      {escalation.pages.map((page) =>
        page.state === "passed" || page.attempts.length === 0 ? (
          <li key={page.id}>
            <span>{page.state === "passed" ? w.ask.passed(page.name) : page.name}</span>
          </li>
        ) : (
          page.attempts.filter((attempt) => begun(attempt, now)).map((attempt) => (
            <li key={attempt.id}>
              <span>
                <b>{page.name}</b> {attemptWords(attempt, w)}
              </span>
              <Time attempt={attempt} />
            </li>
          ))
        ),
      )}
      <NextLines escalation={escalation} />
    </ul>
  );
}

/** In the ladder of a case, where room is short: the tries for one person in one run of words, each with its time; or only the latest. */
export function PageTries({ page, latest = false }: { page: Page; latest?: boolean }) {
  const w = useWords();
  const now = useNow();
  if (page.state === "passed") return <span>{w.ask.passed(page.name)}</span>;
  const tries = page.attempts.filter((attempt) => begun(attempt, now)).map((attempt) => {
    const { ms, over } = took(attempt, now);
    return `${attemptWords(attempt, w)}${over ? ` ${span(ms)}` : ""}`;
  });
  return <span className="num">{latest ? tries.at(-1) : capital(tries.join(", "))}</span>;
}

/** A step that needs two says so, and who has it already. */
export function Takers({ escalation }: { escalation: Escalation }) {
  const w = useWords();
  const { takers } = escalation;
  if (takers.needed < 2) return null;
  return (
    <li>
      <span>{w.ask.takersNeeded(takers.needed, takers.have.map((one) => one.name).join(", "))}</span>
    </li>
  );
}

export function NextTries({ escalation }: { escalation: Escalation }) {
  const w = useWords();
  if (nextTries(escalation, w).length === 0 && escalation.takers.needed < 2) return null;
  return (
    <ul className="tries">
      <Takers escalation={escalation} />
      <NextLines escalation={escalation} />
    </ul>
  );
}

function NextLines({ escalation }: { escalation: Escalation }) {
  const w = useWords();
  const now = useNow();
  return nextTries(escalation, w).map((one) => (
    <li key={one.key} className="next-try">
      <span>{capital(one.words)}</span>
      <span className="num">{one.at > now ? w.ask.inTime(until(new Date(one.at).toISOString(), now)) : w.ask.nowTime}</span>
    </li>
  ));
}

function Time({ attempt }: { attempt: Attempt }) {
  const w = useWords();
  const { ms, over } = took(attempt, useNow());
  return <span className="num">{over ? span(ms) : w.ask.forTime(span(ms))}</span>;
}

/** Somebody has it: whether they were heard of since, and when it goes on if not. */
export function Contact({ escalation }: { escalation: Escalation }) {
  const w = useWords();
  const now = useNow();
  if (escalation.silent_taker) {
    return (
      <p className="nobody-line">
        <Mark shape="nobody" /> {w.ask.contactOver(escalation.silent_taker.name)}
      </p>
    );
  }
  if (escalation.state !== "taken" || !escalation.contact_due_at || Date.parse(escalation.contact_due_at) <= now) return null;
  return <p className="second">{w.ask.contactDue(escalation.taken_by_name ?? "", until(escalation.contact_due_at, now))}</p>;
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
