// What the answers mean, why, and what is still missing. A person may always judge otherwise.
import { useRef, useState } from "react";
import type { Case, Result, Script } from "../../api/types";
import { Mark } from "../../ui/Mark";
import { hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";
import { ChangeRisk, type RiskSaid } from "./ChangeRisk";
import { keyOf } from "./questions";

/** More would push the page out of sight; all of them stand in the list of answers. */
const MOST_MISSING = 4;
/** What stands in the place of a rule when a person judged. */
const BY_A_PERSON = "person";

interface Props {
  of: Case;
  script: Script | null;
  onJump: ((item: string) => void) | null;
  onRisk: RiskSaid | null;
  /** Only the risk and why; `SoFar` stands elsewhere. */
  short?: boolean;
}

export function RiskPane({ of, script, onJump, onRisk, short = false }: Props) {
  const w = useWords();
  const [changing, setChanging] = useState(false);
  const changer = useRef<HTMLButtonElement>(null);

  function changed() {
    changer.current?.focus();
    setChanging(false);
  }

  return (
    <section className="group" aria-labelledby="h-risk">
      <div className="head">
        <h2 id="h-risk" className="meta">
          {of.risk_since ? w.ask.riskSince(hourMinute(of.risk_since)) : w.ask.riskLabel}
        </h2>
        {onRisk && (
          <button type="button" className="inline-link" ref={changer} aria-expanded={changing} onClick={() => setChanging(!changing)}>
            {w.ask.change}
          </button>
        )}
      </div>
      <p className="risk-word">
        <Mark shape={of.risk} /> {w.risk[of.risk]}
      </p>
      {changing && onRisk && <ChangeRisk of={of} onRisk={onRisk} onDone={changed} />}
      {of.lowering_proposed && <p className="aside-line">{w.ask.proposed(w.risk[of.lowering_proposed])}</p>}
      {of.risk_because.length > 0 ? (
        <ul className="because" aria-label={w.ask.because}>
          {of.risk_because.map((reason) => (
            <li key={`${reason.rule} ${reason.words}`}>
              {reason.words} {reason.rule && reason.rule !== BY_A_PERSON && <span className="meta">{w.ask.rule(reason.rule)}</span>}
            </li>
          ))}
        </ul>
      ) : (
        of.risk === "not_assessed" && <p className="second because">{w.ask.noReason}</p>
      )}
      {of.broken_rules.length > 0 && <p className="aside-line">{w.ask.broken(of.broken_rules.join(", "))}</p>}
      {script && !short && <SoFar script={script} onJump={onJump} />}
    </section>
  );
}

/** What the answers amount to so far, and what has none yet. */
export function SoFar({ script, onJump }: { script: Script; onJump: Props["onJump"] }) {
  const w = useWords();
  const missing = script.missing.slice(0, MOST_MISSING);
  const results = script.results.filter((result) => result.words !== "" || result.second_hand);
  const more = script.missing.length - missing.length;
  return (
    <>
      {script.flags.length > 0 && (
        <p className="missing">
          <b>{w.ask.flags}</b> {script.flags.map((flag) => (flag === "refused_or_unknown" ? w.ask.refusedOrUnknown : flag.replaceAll("_", " "))).join("; ")}
        </p>
      )}
      {results.length > 0 && <Results results={results} />}
      {missing.length > 0 && (
        <p className="missing">
          <b>{w.ask.missing}</b>{" "}
          {missing.map((item, index) => (
            <span key={keyOf(item)}>
              {index > 0 && ", "}
              {onJump ? (
                <button type="button" className="inline-link" onClick={() => onJump(keyOf(item))}>
                  {item.concept}
                </button>
              ) : (
                item.concept
              )}
            </span>
          ))}
          {more > 0 && ` ${w.ask.andMore(more)}`}
        </p>
      )}
    </>
  );
}

/** What each questionnaire means so far, in words; folded, since the risk above says what counts. */
function Results({ results }: { results: Result[] }) {
  const w = useWords();
  return (
    <details className="results">
      <summary className="meta">{w.ask.results(results.length)}</summary>
      <ul className="because">
        {results.map((result) => (
          <li key={result.instrument}>
            <b>{result.title}.</b> {result.words || w.ask.noResult} {result.total !== null && w.ask.total(result.total)}{" "}
            <span className="meta">
              {result.second_hand ? w.ask.secondHand : result.open > 0 ? w.ask.unfinished(result.open) : ""}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
