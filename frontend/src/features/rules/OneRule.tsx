// One rule, to be read and doubted: its sentence first, everything behind it folded below.
import type { Rule } from "../../api/types";
import { useLanguage } from "../../ui/choice";
import { useWords } from "../../ui/words";
import { parts } from "./filter";
import { dayAndMinute } from "./when";

export function OneRule({ rule }: { rule: Rule }) {
  const w = useWords();
  const language = useLanguage();
  return (
    <article className="rule" aria-labelledby={`rule-${rule.id}`}>
      <div className="rule-head">
        <h3 id={`rule-${rule.id}`}>{rule.id.replaceAll(/[-_]/g, " ")}</h3>
        <span className="meta">{w.rules.ruleVersion(rule.id, rule.version)}</span>
        <span className="meta num-wrap">
          {w.rules.fired(rule.fired)}
          {rule.last_fired_at && `, ${w.rules.last(dayAndMinute(rule.last_fired_at, language))}`}
        </span>
      </div>
      <p className="rule-sentence" lang="en">
        <Sentence words={rule.sentence} />
      </p>
      <details>
        <summary>{w.rules.lines}</summary>
        <ul className="rule-lines" lang="en">
          {rule.when.map((line, index) => (
            // A line has no name of its own, and the list never changes its order.
            <li key={index} className={`depth-${Math.min(line.depth, 4)}`}>
              <span>
                <Sentence words={line.words} />
              </span>
              {line.line && <code>{line.line}</code>}
            </li>
          ))}
        </ul>
      </details>
      <dl className="rule-parts" lang="en">
        <div>
          <dt lang={language}>{w.rules.then}</dt>
          <dd>
            <ul>
              {rule.then.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt lang={language}>{w.rules.because}</dt>
          <dd>{rule.because}</dd>
        </div>
        <div>
          <dt lang={language}>{w.rules.source}</dt>
          <dd>{rule.source}</dd>
        </div>
      </dl>
      <Examples rule={rule} />
    </article>
  );
}

function Examples({ rule }: { rule: Rule }) {
  const w = useWords();
  const kinds = [
    [w.rules.fires, rule.fires],
    [w.rules.staysCalm, rule.stays_calm],
  ] as const;
  if (rule.fires.length + rule.stays_calm.length === 0) return null;
  return (
    <details>
      <summary>
        {w.rules.examples}, {rule.fires.length + rule.stays_calm.length}
      </summary>
      <dl className="rule-parts">
        {kinds.map(([title, examples]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <ul>
                {examples.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Sentence({ words }: { words: string }) {
  return parts(words).map((part, index) => (part.code ? <code key={index}>{part.words}</code> : <span key={index}>{part.words}</span>));
}
