// A page to oneself, sent as a real one is: taking it proves that one can be reached.
import { useState } from "react";
import type { TestPage as Test } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useStale } from "../../live/context";
import { LiveButton } from "../../ui/LiveButton";
import { Refused } from "../../ui/Refused";
import { useLanguage } from "../../ui/choice";
import { span } from "../../ui/time";
import { useWords } from "../../ui/words";
import { momentThere, ownZone } from "../../ui/zone";

export function TestPage({ tests, onSent }: { tests: readonly Test[]; onSent: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const stale = useStale();
  const { send, problem, busy } = useSend();
  const [sent, setSent] = useState(0);

  async function test() {
    if ((await send("/api/me/test-page", sent > 0 ? { again: sent } : {})) === null) return;
    setSent(sent + 1);
    onSent();
  }

  return (
    <section className="group" aria-labelledby="h-test">
      <h3 id="h-test">{w.reach.test}</h3>
      <p className="hint">{w.reach.testHint}</p>
      <div className="row">
        <LiveButton stale={stale} onClick={() => void test()} aria-busy={busy}>
          {w.reach.testNow}
        </LiveButton>
        {tests.length > 0 && (
          <button type="button" className="inline-link" onClick={onSent}>
            {w.reach.look}
          </button>
        )}
      </div>
      {sent > 0 && <p role="status">{w.reach.testSent}</p>}
      {tests.length > 0 && (
        <ul className="tries" aria-label={w.reach.tests}>
          {tests.map((one) => (
            <li key={`${one.way} ${one.sent_at}`}>
              <span>
                {w.reach.method[one.method]}, {momentThere(Date.parse(one.sent_at), ownZone(), language)}
              </span>
              <span className={one.taken_at ? "strong" : ""}>{one.taken_at ? w.reach.takenAfter(span(Date.parse(one.taken_at) - Date.parse(one.sent_at))) : w.ask.attempt[one.state]}</span>
            </li>
          ))}
        </ul>
      )}
      <Refused problem={problem} />
    </section>
  );
}
