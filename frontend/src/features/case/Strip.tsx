// A responder's own conversations, each with what is new in it; and how many wait. Another's message takes no focus.
import { useEffect } from "react";
import type { Case } from "../../api/types";
import { useNow, useStale } from "../../live/context";
import { useDetail } from "../../live/details";
import { announce } from "../../ui/announce";
import { useLanguage } from "../../ui/choice";
import { Mark } from "../../ui/Mark";
import { since } from "../../ui/time";
import { languageName, useWords } from "../../ui/words";
import { unread } from "./unread";

interface Props {
  own: Case[];
  waiting: Case[];
  openId: string | null;
}

export function Strip({ own, waiting, openId }: Props) {
  const w = useWords();
  return (
    <div className="strip" role="region" aria-label={w.case.own}>
      {own.length > 0 && (
        <ul>
          {own.map((each) => (
            <li key={each.id}>
              <Thread of={each} isOpen={each.id === openId} />
            </li>
          ))}
        </ul>
      )}
      <p className="num">
        {own.length === 0 && openId === null && `${w.case.noneOwn} `}
        <WaitLine waiting={waiting} />
      </p>
    </div>
  );
}

function WaitLine({ waiting }: { waiting: Case[] }) {
  const w = useWords();
  const now = useNow();
  const stale = useStale();
  const oldest = waiting.map((each) => each.waiting_since ?? each.opened_at).sort()[0];
  const words = w.case.waitLine(waiting.length, oldest ? since(oldest, now) : "");
  return waiting.length > 0 ? (
    <a className={stale ? "stale-text" : ""} href="/">
      {words}
    </a>
  ) : (
    words
  );
}

function Thread({ of, isOpen }: { of: Case; isOpen: boolean }) {
  const w = useWords();
  const now = useNow();
  const language = useLanguage();
  const { detail } = useDetail(of.id, of.sequence);
  const fresh = detail && !isOpen ? unread(detail) : [];
  const last = fresh.at(-1);
  const count = fresh.length;
  const over = of.channel === "voice" && of.call_over;

  useEffect(() => {
    if (count > 0) announce(w.case.newMessage(of.number));
  }, [count, of.number, w]);

  return (
    <a className="thread" href={`/case/${of.id}`} {...(isOpen ? { "aria-current": "true" } : {})}>
      <b>
        <Mark shape={of.risk} /> {of.number}
        <span className="sr">, {w.risk[of.risk]}</span>
      </b>
      {isOpen ? (
        <span className="meta">{over ? w.case.overShort : of.channel === "voice" ? w.case.thisCall : w.case.thisOne}</span>
      ) : (
        <>
          {over && <span className="meta">{w.case.overShort}</span>}
          {!of.language.startsWith(language) && (
            <span className="tag" lang={of.language}>
              {languageName(of.language)}
            </span>
          )}
          {last && (
            <span className="last" lang={of.language}>
              {last.text}
            </span>
          )}
          {last && (
            <span className="strong num">
              {w.case.unread(count)}
              <span className="wait">, {since(last.at, now)}</span>
            </span>
          )}
        </>
      )}
    </a>
  );
}
