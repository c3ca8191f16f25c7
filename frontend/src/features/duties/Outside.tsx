// What somebody outside found, kept as it was given: with which tool, who rated it, when, and where the document is.
import { type SubmitEvent, useState } from "react";
import type { CaseDetail, Done, Instrument, OutsideResult, Rules } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useSend } from "../../api/useSend";
import { useDraft } from "../../live/drafts";
import { Refused } from "../../ui/Refused";
import { hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";

interface Props {
  detail: CaseDetail;
  fill: boolean;
  name: (id: string) => string;
  onDone: (done: Done) => void;
}

export function Outside({ detail, fill, name, onDone }: Props) {
  const w = useWords();
  const { found, problem } = useFetch<Rules>("/api/rules");
  // The tools whose results may be kept, by the rulebook in force.
  const tools = found?.instruments.filter((one) => one.outside !== null);
  return (
    <section className="record" aria-labelledby="h-outside">
      <h3 id="h-outside">{w.records.outside}</h3>
      <p className="hint">{w.records.outsideHint}</p>
      <Refused problem={problem} />
      {fill && tools && (tools.length > 0 ? <OutsideForm caseId={detail.id} tools={tools} onDone={onDone} /> : <p className="second">{w.records.noTools}</p>)}
      <h4>{w.records.kept}</h4>
      {detail.outside_results.length === 0 ? (
        <p className="second">{w.records.noneKept}</p>
      ) : (
        <ul className="history">
          {detail.outside_results.map((result) => (
            <Kept key={result.id} result={result} tool={tools?.find((one) => one.id === result.instrument)} name={name} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Kept({ result, tool, name }: { result: OutsideResult; tool: Instrument | undefined; name: Props["name"] }) {
  const w = useWords();
  const value = tool?.outside?.results.find((one) => one.code === result.value)?.label ?? result.value;
  return (
    <li>
      <b>{result.title}</b>
      {value && `: ${value}`}. {w.records.ratedBy}: {result.rated_by}, {result.rated_on}.
      {result.document && ` ${result.document}.`}
      {result.words && <q className="duty-words">{result.words}</q>}{" "}
      <span className="meta">{w.records.keptBy(name(result.by), hourMinute(result.at))}</span>
    </li>
  );
}

const FIELDS = ["instrument", "value", "rated_by", "rated_on", "document", "words"] as const;
type FieldName = (typeof FIELDS)[number];

function OutsideForm({ caseId, tools, onDone }: { caseId: string; tools: readonly Instrument[]; onDone: (done: Done) => void }) {
  const w = useWords();
  const { send, problem, busy } = useSend();
  const [missing, setMissing] = useState(false);
  const drafts = {
    instrument: useDraft("outside instrument", caseId),
    value: useDraft("outside value", caseId),
    rated_by: useDraft("outside rated_by", caseId),
    rated_on: useDraft("outside rated_on", caseId),
    document: useDraft("outside document", caseId),
    words: useDraft("outside words", caseId),
  } satisfies Record<FieldName, unknown>;
  const tool = tools.find((one) => one.id === drafts.instrument[0])?.outside;
  const results = tool?.results ?? [];

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const body = Object.fromEntries(FIELDS.map((field) => [field, drafts[field][0].trim()])) as Record<FieldName, string>;
    const without = (field: FieldName) => body[field] === "";
    const incomplete = without("instrument") || without("rated_by") || without("rated_on") || (results.length > 0 && without("value"));
    setMissing(incomplete);
    if (incomplete || busy) return;
    const done = await send<Done>(`/api/cases/${caseId}/outside-results`, body);
    if (done === null) return;
    for (const field of FIELDS) drafts[field][1]("");
    onDone(done);
  }

  function chooseTool(id: string) {
    drafts.instrument[1](id);
    // A result of one tool means nothing in another.
    drafts.value[1]("");
  }

  return (
    <form className="record-fields" aria-label={w.records.keep} onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor="outside-instrument">{w.records.instrument}</label>
        <select id="outside-instrument" value={drafts.instrument[0]} onChange={(event) => chooseTool(event.target.value)}>
          <option value="">{w.records.choose}</option>
          {tools.map((one) => (
            <option key={one.id} value={one.id}>
              {one.title}
            </option>
          ))}
        </select>
      </div>
      {results.length > 0 && (
        <div className="field">
          <label htmlFor="outside-value">{w.records.value}</label>
          <select id="outside-value" value={drafts.value[0]} onChange={(event) => drafts.value[1](event.target.value)}>
            <option value="">{w.records.choose}</option>
            {results.map((one) => (
              <option key={one.code} value={one.code}>
                {one.label}
              </option>
            ))}
          </select>
        </div>
      )}
      <Line id="rated_by" label={w.records.ratedBy} draft={drafts.rated_by} longest={200} />
      <Line id="rated_on" label={w.records.ratedOn} draft={drafts.rated_on} longest={40} />
      <Line id="document" label={w.records.document} hint={w.records.optional} draft={drafts.document} longest={400} />
      <div className="field">
        <label htmlFor="outside-words">
          {w.records.words} <span className="meta">{w.records.optional}</span>
        </label>
        {tool && tool.headings.length > 0 && <span className="hint">{w.records.headings(tool.headings.map((one) => one.label).join("; "))}</span>}
        <textarea id="outside-words" rows={2} maxLength={4000} value={drafts.words[0]} onChange={(event) => drafts.words[1](event.target.value)} />
      </div>
      {missing && (
        <p className="refused" role="alert">
          {w.records.missing}
        </p>
      )}
      <Refused problem={problem} />
      <div className="row">
        <button type="submit" className="button">
          {busy ? w.ask.saving : w.records.keep}
        </button>
      </div>
    </form>
  );
}

interface LineProps {
  id: string;
  label: string;
  hint?: string;
  draft: [string, (text: string) => void];
  longest: number;
}

function Line({ id, label, hint = "", draft: [text, setText], longest }: LineProps) {
  return (
    <div className="field">
      <label htmlFor={`outside-${id}`}>
        {label} {hint && <span className="meta">{hint}</span>}
      </label>
      <input className="input" id={`outside-${id}`} type="text" autoComplete="off" maxLength={longest} value={text} onChange={(event) => setText(event.target.value)} />
    </div>
  );
}
