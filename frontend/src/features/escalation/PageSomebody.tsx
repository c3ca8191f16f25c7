// Pages a person or a step of one's own choice. Nobody has to be reached before: a ladder that runs goes on by itself.
import { type SubmitEvent, useId, useRef, useState } from "react";
import type { Case, Done, Whom } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useSend } from "../../api/useSend";
import { useStale } from "../../live/context";
import { announce } from "../../ui/announce";
import { onEscape } from "../../ui/keys";
import { LiveButton } from "../../ui/LiveButton";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

const SHORTEST_REASON = 3;

export function PageSomebody({ of }: { of: Case }) {
  const w = useWords();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);

  function leave() {
    opener.current?.focus();
    setOpen(false);
  }

  return (
    <>
      {" "}
      <button type="button" className="inline-link" ref={opener} aria-expanded={open} onClick={() => setOpen(!open)}>
        {w.pageHand.open}
      </button>
      {open && <Form of={of} onLeave={leave} />}
    </>
  );
}

function Form({ of, onLeave }: { of: Case; onLeave: () => void }) {
  const w = useWords();
  const { found, problem } = useFetch<Whom>(`/api/cases/${of.id}/whom`);
  if (found === null) return problem ? <Refused problem={problem} /> : <p role="status">{w.loading}</p>;
  return <Filled of={of} whom={found} onLeave={onLeave} />;
}

function Filled({ of, whom, onLeave }: { of: Case; whom: Whom; onLeave: () => void }) {
  const w = useWords();
  const id = useId();
  const stale = useStale();
  const { send, problem, busy } = useSend();
  const [person, setPerson] = useState("");
  const [ladder, setLadder] = useState(usualLadder(of, whom));
  const [step, setStep] = useState(1);
  const [reason, setReason] = useState("");
  const [short, setShort] = useState(false);
  const steps = whom.ladders.find((one) => one.name === ladder)?.steps ?? [];
  const chosen = whom.people.find((one) => one.id === person);
  const asked = steps[step - 1] ?? "";

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const why = reason.trim();
    setShort(why.length < SHORTEST_REASON);
    if (stale || busy || why.length < SHORTEST_REASON) return;
    const body = { ladder, reason: why, step, ...(person ? { person } : {}) };
    if ((await send<Done>(`/api/cases/${of.id}/escalate`, body)) === null) return;
    announce(w.pageHand.done(chosen?.name ?? asked));
    onLeave();
  }

  return (
    <form className="inline-form" aria-label={w.pageHand.title} onKeyDown={onEscape(onLeave)} onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor={`${id}-person`}>{w.pageHand.person}</label>
        <select id={`${id}-person`} value={person} autoFocus onChange={(event) => setPerson(event.target.value)}>
          <option value="">{w.pageHand.nobody}</option>
          {whom.people.map((one) => (
            <option key={one.id} value={one.id}>
              {one.away ? w.pageHand.away(one.name) : one.name}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-ladder`}>{person ? w.pageHand.ladderAfter : w.pageHand.ladder}</label>
        <select
          id={`${id}-ladder`}
          value={ladder}
          onChange={(event) => {
            setLadder(event.target.value);
            setStep(1);
          }}
        >
          {whom.ladders.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      {steps.length > 1 && (
        <div className="field">
          <label htmlFor={`${id}-step`}>{w.pageHand.step}</label>
          <select id={`${id}-step`} value={step} onChange={(event) => setStep(Number(event.target.value))}>
            {steps.map((words, index) => (
              <option key={index} value={index + 1}>
                {`${index + 1}: ${words}`}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-reason`}>{w.ask.reason}</label>
        <textarea id={`${id}-reason`} rows={2} maxLength={1000} value={reason} aria-describedby={`${id}-hint`} onChange={(event) => setReason(event.target.value)} />
        <span className="hint" id={`${id}-hint`}>
          {chosen ? w.pageHand.thisPerson(chosen.name, asked) : w.pageHand.thisStep(asked)}
        </span>
      </div>
      {short && (
        <p className="refused" role="alert">
          {w.ask.reasonNeeded}
        </p>
      )}
      <Refused problem={problem} />
      <div className="row">
        <LiveButton stale={stale} type="submit" aria-busy={busy}>
          {w.pageHand.now}
        </LiveButton>
        <button type="button" className="button button-quiet" onClick={onLeave}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}

/** The ladder that fits the risk, where the rules have it. */
function usualLadder(of: Case, whom: Whom): string {
  const fits = of.risk === "imminent" ? "imminent" : "clinical";
  return (whom.ladders.find((one) => one.name === fits) ?? whom.ladders[0])?.name ?? "";
}
