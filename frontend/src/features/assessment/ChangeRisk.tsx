// A person's own judgement of the risk, in place, with its reason.
import { type SubmitEvent, useState } from "react";
import type { Problem } from "../../api/client";
import type { Case, Risk } from "../../api/types";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

/** Resolves with null when it was recorded, else with why not. */
export type RiskSaid = (risk: Risk, reason: string) => Promise<Problem | null>;

const LEVELS: readonly Risk[] = ["imminent", "high", "moderate", "low", "none"];
const SHORTEST_REASON = 3;

export function ChangeRisk({ of, onRisk, onDone }: { of: Case; onRisk: RiskSaid; onDone: () => void }) {
  const w = useWords();
  const [risk, setRisk] = useState<Risk>(of.lowering_proposed ?? of.risk);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sentence, setSentence] = useState("");
  const [busy, setBusy] = useState(false);

  async function save(event: SubmitEvent) {
    event.preventDefault();
    if (busy) return;
    if (risk === of.risk) return setSentence(w.ask.same);
    if (reason.trim().length < SHORTEST_REASON) return setSentence(w.ask.reasonNeeded);
    setSentence("");
    setBusy(true);
    const refused = await onRisk(risk, reason.trim());
    setBusy(false);
    setProblem(refused);
    if (refused === null) onDone();
  }

  return (
    <form className="inline-form" onKeyDown={onEscape(onDone)} onSubmit={(event) => void save(event)}>
      <div className="field">
        <label htmlFor="new-risk">{w.ask.newRisk}</label>
        <select id="new-risk" value={risk} autoFocus onChange={(event) => setRisk(event.target.value as Risk)}>
          {of.risk === "not_assessed" && <option value="not_assessed">{w.risk.not_assessed}</option>}
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {w.risk[level]}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="risk-reason">{w.ask.reason}</label>
        <textarea id="risk-reason" rows={2} value={reason} onChange={(event) => setReason(event.target.value)} aria-describedby="risk-hint" />
        <span className="hint" id="risk-hint">
          {w.ask.reasonHint}
        </span>
      </div>
      {sentence && (
        <p className="refused" role="alert">
          {sentence}
        </p>
      )}
      <Refused problem={problem} />
      <div className="row">
        <button type="submit" className="button">
          {busy ? w.ask.saving : w.ask.saveRisk}
        </button>
        <button type="button" className="button button-quiet" onClick={onDone}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
