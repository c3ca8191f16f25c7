// Something is happening now: said in two touches, asked once more in place, never in a dialog over the talk.
import { useState } from "react";
import type { Problem } from "../../api/client";
import type { Channel, Risk } from "../../api/types";
import { Mark } from "../../ui/Mark";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

interface Props {
  channel: Channel;
  risk: Risk;
  onImminent: () => Promise<Problem | null>;
}

export function ImminentNow({ channel, risk, onImminent }: Props) {
  const w = useWords();
  const [asking, setAsking] = useState(false);
  // Whoever leaves the question is back on the button that asked it: once, and not whenever it appears again.
  const [left, setLeft] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (risk === "imminent") return null;

  function leave() {
    setLeft(true);
    setAsking(false);
  }

  async function say() {
    if (busy) return;
    setBusy(true);
    const refused = await onImminent();
    setBusy(false);
    setProblem(refused);
    if (refused === null) setAsking(false);
  }

  if (asking) {
    return (
      <div className="aside-line imminent-ask" role="group" aria-label={w.ask.sayImminent} onKeyDown={onEscape(leave)}>
        <p>
          <Mark shape="imminent" /> {w.ask.imminentAsk}
        </p>
        <div className="row">
          <button type="button" className="button button-help" autoFocus onClick={() => void say()}>
            {busy ? w.ask.saving : w.ask.imminentYes}
          </button>
          <button type="button" className="button" onClick={leave}>
            {w.ask.imminentNo}
          </button>
        </div>
        <Refused problem={problem} />
      </div>
    );
  }
  return (
    <p className="aside-line">
      {channel === "voice" ? w.ask.happeningCall : w.ask.happening}{" "}
      <button type="button" className="inline-link" autoFocus={left} onFocus={() => setLeft(false)} onClick={() => setAsking(true)}>
        {w.ask.sayImminent}
      </button>
      . {w.ask.noQuestionFirst}
    </p>
  );
}
