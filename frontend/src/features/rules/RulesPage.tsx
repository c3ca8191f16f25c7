// The rules in force, for whoever wants to read, doubt or sign them. Nothing is changed here but the signature.
import { useState } from "react";
import type { Person, Rules } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { byFile, matchingInstruments, matchingRules } from "./filter";
import { Instruments } from "./Instruments";
import { OneRule } from "./OneRule";
import { SignOff } from "./SignOff";
import { dayAndMinute } from "./when";

interface Props {
  me: Person;
  /** The version and the problems that the live picture names; when they change, the page reads anew. */
  version: string;
}

export function RulesPage({ me, version }: Props) {
  const w = useWords();
  const { found: rules, problem, put } = useFetch<Rules>("/api/rules", version);
  return (
    <main className="rules-page" id="rules">
      <h1>{w.rules.title}</h1>
      <Refused problem={problem} />
      {rules === null ? !problem && <p role="status">{w.loading}</p> : <Book rules={rules} me={me} onSigned={put} />}
    </main>
  );
}

function Book({ rules, me, onSigned }: { rules: Rules; me: Person; onSigned: (rules: Rules) => void }) {
  const w = useWords();
  const language = useLanguage();
  return (
    <>
      <p>
        <b>{w.rules.version(rules.version)}</b>, {rules.loaded_at ? w.rules.since(dayAndMinute(rules.loaded_at, language)) : w.rules.sinceUnknown}.{" "}
        {rules.jurisdiction ? w.rules.jurisdiction(rules.jurisdiction) : w.rules.noJurisdiction}
      </p>
      <p className="second">{w.rules.readOnly}</p>
      <SignOff rules={rules} me={me} onSigned={onSigned} />
      {rules.problems.length > 0 && (
        <section className="rules-refused" aria-labelledby="h-problems">
          <h2 id="h-problems">
            {w.rules.problems}, {rules.problems.length}
          </h2>
          <p>{w.rules.problemsMore}</p>
          <ul>
            {rules.problems.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </section>
      )}
      <Found rules={rules} />
      <section aria-labelledby="h-ladders">
        <h2 id="h-ladders">{w.rules.ladders}</h2>
        <p>{rules.ladders.join(", ")}</p>
      </section>
    </>
  );
}

function Found({ rules }: { rules: Rules }) {
  const w = useWords();
  const [typed, setTyped] = useState("");
  const found = matchingRules(rules.rules, typed);
  const instruments = matchingInstruments(rules.instruments, typed);
  return (
    <>
      <div className="rules-filter field" role="search">
        <label htmlFor="rules-filter">{w.rules.filter}</label>
        <input className="input" id="rules-filter" type="search" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        <p className="meta" role="status">
          {w.rules.shown(found.length, rules.rules.length)}
        </p>
      </div>
      {found.length === 0 && <p className="second">{w.rules.nothingFound}</p>}
      {byFile(found).map(([file, those]) => (
        <section key={file} aria-labelledby={`file-${file}`}>
          <div className="section-head">
            <h2 id={`file-${file}`}>{file}</h2>
            <span className="meta">{w.rules.inFile(those.length)}</span>
          </div>
          {those.map((rule) => (
            <OneRule key={`${rule.file} ${rule.id}`} rule={rule} />
          ))}
        </section>
      ))}
      {instruments.length > 0 && (
        <section aria-labelledby="h-instruments">
          <div className="section-head">
            <h2 id="h-instruments">{w.rules.instruments}</h2>
            <span className="meta num">{instruments.length}</span>
          </div>
          <Instruments instruments={instruments} />
        </section>
      )}
    </>
  );
}
