// When one is away: no rota calls whoever is on leave.
import { type SyntheticEvent, useState } from "react";
import type { Leave, Person } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useSend } from "../../api/useSend";
import { useLanguage } from "../../ui/choice";
import { FormFoot } from "../../ui/FormFoot";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { fromField, momentThere, ownZone, stretchThere, toField } from "../../ui/zone";
import { Moment } from "./CoverForm";

const DAY = 86_400_000;

export function MyLeave({ me, version, now, onDone }: { me: Person; version: string; now: number; onDone: () => void }) {
  const w = useWords();
  const { found, problem } = useFetch<{ leave: Leave[] }>("/api/leave", version);
  const [open, setOpen] = useState(false);
  const mine = (found?.leave ?? []).filter((one) => one.person.id === me.id && Date.parse(one.end) > now);
  return (
    <section aria-labelledby="h-leave">
      <div className="section-head">
        <h2 id="h-leave">{w.rota.leave}</h2>
      </div>
      <Refused problem={problem} />
      {mine.length === 0 && <p className="second">{w.rota.noLeave}</p>}
      {mine.length > 0 && (
        <ul className="lines">
          {mine.map((one) => (
            <One key={one.id} of={one} onDone={onDone} />
          ))}
        </ul>
      )}
      {open ? (
        <Form
          now={now}
          onDone={() => {
            setOpen(false);
            onDone();
          }}
          onLeave={() => setOpen(false)}
        />
      ) : (
        <div className="row">
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {w.rota.addLeave}
          </button>
        </div>
      )}
    </section>
  );
}

function One({ of, onDone }: { of: Leave; onDone: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const { send, problem } = useSend();
  const say = (moment: string) => momentThere(Date.parse(moment), ownZone(), language);

  async function end() {
    if ((await send(`/api/leave/${encodeURIComponent(of.id)}/end`)) !== null) onDone();
  }

  return (
    <li>
      <span className="when">{w.rota.fromTo(...stretchThere(of, ownZone(), language))}</span>
      {of.why && <span className="meta">{of.why}</span>}
      <div className="row">
        <button type="button" className="button" onClick={() => void end()}>
          {w.rota.endLeave}
          <span className="sr"> {say(of.start)}</span>
        </button>
      </div>
      <Refused problem={problem} />
    </li>
  );
}

function Form({ now, onDone, onLeave }: { now: number; onDone: () => void; onLeave: () => void }) {
  const w = useWords();
  const zone = ownZone();
  const [start, setStart] = useState(toField(now + DAY, zone));
  const [end, setEnd] = useState(toField(now + 2 * DAY, zone));
  const [why, setWhy] = useState("");
  const [missing, setMissing] = useState("");
  const { send, problem, busy } = useSend();

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    const [from, to] = [fromField(start, zone), fromField(end, zone)];
    if (from === null || to === null || from >= to) return setMissing(w.rota.chooseTimes);
    setMissing("");
    if ((await send("/api/leave", { start: from, end: to, ...(why.trim() ? { why: why.trim() } : {}) })) !== null) onDone();
  }

  return (
    <form className="inline-form" aria-label={w.rota.addLeave} onSubmit={(event) => void submit(event)} onKeyDown={onEscape(onLeave)}>
      <div className="fields">
        <Moment id="leave-start" label={w.rota.from} zone={zone} value={start} onChange={setStart} />
        <Moment id="leave-end" label={w.rota.until} zone={zone} value={end} onChange={setEnd} />
      </div>
      <div className="field">
        <label htmlFor="leave-why">{w.rota.whyOptional}</label>
        <input id="leave-why" className="input" value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
      </div>
      <p className="hint">{w.rota.leaveHint}</p>
      <FormFoot missing={missing} problem={problem} busy={busy} act={w.rota.save} onLeave={onLeave} />
    </form>
  );
}
