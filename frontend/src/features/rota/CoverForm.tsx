// A change of the rota by whoever answers for it: somebody more, somebody less, or one person for another.
import { type SyntheticEvent, useState } from "react";
import type { OverrideChange, PersonRef, RotaAbout, Stretch } from "../../api/types";
import { useSend } from "../../api/useSend";
import { FormFoot } from "../../ui/FormFoot";
import { onEscape } from "../../ui/keys";
import { useWords } from "../../ui/words";
import { fromField, placeOf, toField } from "../../ui/zone";
import { Anyway } from "./Anyway";
import { everybody } from "./people";

const HOUR = 3_600_000;
const CHANGES: readonly OverrideChange[] = ["replace", "add", "remove"];

interface Props {
  about: RotaAbout;
  rotas: readonly RotaAbout[];
  stretch: Stretch | null;
  now: number;
  onDone: () => void;
  onLeave: () => void;
}

export function CoverForm({ about, rotas, stretch, now, onDone, onLeave }: Props) {
  const w = useWords();
  const zone = about.timezone;
  const next = Math.ceil(now / HOUR) * HOUR;
  const [change, setChange] = useState<OverrideChange>(stretch ? "add" : "replace");
  const [person, setPerson] = useState("");
  const [forWhom, setForWhom] = useState("");
  const [start, setStart] = useState(toField(stretch ? Date.parse(stretch.start) : next, zone));
  const [end, setEnd] = useState(toField(stretch ? Date.parse(stretch.end) : next + 12 * HOUR, zone));
  const [why, setWhy] = useState("");
  const [missing, setMissing] = useState("");
  const { send, problem, busy } = useSend();
  const people = everybody(about, rotas);

  async function save(more: object = {}) {
    const [from, to] = [fromField(start, zone), fromField(end, zone)];
    if (person === "" || (change === "replace" && forWhom === "")) return setMissing(w.rota.choosePerson);
    if (from === null || to === null || from >= to) return setMissing(w.rota.chooseTimes);
    if (why.trim() === "") return setMissing(w.rota.sayWhy);
    setMissing("");
    const body = { change, person, start: from, end: to, why: why.trim(), ...(change === "replace" ? { for_whom: forWhom } : {}), ...more };
    if ((await send(`/api/rotas/${encodeURIComponent(about.name)}/overrides`, body)) !== null) onDone();
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    void save();
  }

  return (
    <section aria-labelledby="h-cover">
      <h2 id="h-cover">{w.rota.addCover}</h2>
      <form className="inline-form" onSubmit={submit} onKeyDown={onEscape(onLeave)}>
        <div className="fields">
          <div className="field">
            <label htmlFor="change">{w.rota.change}</label>
            <select id="change" value={change} autoFocus onChange={(event) => setChange(event.target.value as OverrideChange)}>
              {CHANGES.map((one) => (
                <option key={one} value={one}>
                  {w.rota.changes[one]}
                </option>
              ))}
            </select>
          </div>
          <Choose id="cover-person" label={w.rota.person} people={people} value={person} onChange={setPerson} />
          {change === "replace" && <Choose id="cover-for" label={w.rota.forWhom} people={people} value={forWhom} onChange={setForWhom} />}
          <Moment id="cover-start" label={w.rota.from} zone={zone} value={start} onChange={setStart} />
          <Moment id="cover-end" label={w.rota.until} zone={zone} value={end} onChange={setEnd} />
        </div>
        <div className="field">
          <label htmlFor="cover-why">{w.rota.why}</label>
          <input id="cover-why" className="input" value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
        </div>
        <FormFoot missing={missing} problem={problem} busy={busy} act={w.rota.save} onLeave={onLeave}>
          <Anyway problem={problem} supervises onAnyway={(reason) => void save({ anyway: true, why: reason })} />
        </FormFoot>
      </form>
    </section>
  );
}

interface ChooseProps {
  id: string;
  label: string;
  people: readonly PersonRef[];
  value: string;
  onChange: (id: string) => void;
  /** What it says when nobody is chosen. */
  nobody?: string;
}

export function Choose({ id, label, people, value, onChange, nobody }: ChooseProps) {
  const w = useWords();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{nobody ?? w.rota.choose}</option>
        {people.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Moment({ id, label, zone, value, onChange }: { id: string; label: string; zone: string; value: string; onChange: (typed: string) => void }) {
  const w = useWords();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="datetime-local" className="input" value={value} aria-describedby={`${id}-zone`} onChange={(event) => onChange(event.target.value)} />
      <span className="hint" id={`${id}-zone`}>
        {w.rota.clockOf(placeOf(zone))}
      </span>
    </div>
  );
}
