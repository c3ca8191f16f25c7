// Asking for cover: for the whole shift or a part of it, of everybody or of one person, perhaps in exchange for another.
import { type SyntheticEvent, useId, useState } from "react";
import type { PersonRef, RotaAbout, Stretch } from "../../api/types";
import { useSend } from "../../api/useSend";
import { announce } from "../../ui/announce";
import { FormFoot } from "../../ui/FormFoot";
import { onEscape } from "../../ui/keys";
import { useWords } from "../../ui/words";
import { fromField, toField } from "../../ui/zone";
import { Choose, Moment } from "./CoverForm";
import { everybody } from "./people";

interface Props {
  rota: RotaAbout;
  of: Stretch;
  /** Whose shift, when somebody else asks for them. */
  person: PersonRef | null;
  onDone: () => void;
  onLeave: () => void;
}

export function AskCover({ rota, of, person, onDone, onLeave }: Props) {
  const w = useWords();
  const id = useId();
  const zone = rota.timezone;
  const [start, setStart] = useState(toField(Date.parse(of.start), zone));
  const [end, setEnd] = useState(toField(Date.parse(of.end), zone));
  const [whom, setWhom] = useState("");
  const [note, setNote] = useState("");
  const [swap, setSwap] = useState(false);
  const [otherStart, setOtherStart] = useState("");
  const [otherEnd, setOtherEnd] = useState("");
  const [missing, setMissing] = useState("");
  const { send, problem, busy } = useSend();

  /** An edge that was not touched stays as it was, to the second. */
  const edge = (typed: string, was: string) => (typed === toField(Date.parse(was), zone) ? was : fromField(typed, zone));

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    const [from, to] = [edge(start, of.start), edge(end, of.end)];
    const [otherFrom, otherTo] = [fromField(otherStart, zone), fromField(otherEnd, zone)];
    if (from === null || to === null || from >= to) return setMissing(w.rota.chooseTimes);
    if (swap && (whom === "" || otherFrom === null || otherTo === null || otherFrom >= otherTo)) return setMissing(w.rota.swapNeeds);
    setMissing("");
    const body = {
      rota: rota.name,
      start: from,
      end: to,
      note: note.trim(),
      ...(person ? { person: person.id } : {}),
      ...(whom ? { of: whom } : {}),
      ...(swap ? { in_exchange: { start: otherFrom, end: otherTo } } : {}),
    };
    if ((await send("/api/covers", body)) === null) return;
    announce(w.rota.asked);
    onDone();
  }

  return (
    <form className="inline-form" aria-label={w.rota.askCover} onSubmit={(event) => void submit(event)} onKeyDown={onEscape(onLeave)}>
      <div className="fields">
        <Moment id={`${id}-ask-start`} label={w.rota.from} zone={zone} value={start} onChange={setStart} />
        <Moment id={`${id}-ask-end`} label={w.rota.until} zone={zone} value={end} onChange={setEnd} />
        <Choose id={`${id}-ask-of`} label={w.rota.askWhom} people={everybody(rota, [rota])} value={whom} onChange={setWhom} nobody={w.rota.everybody} />
      </div>
      <label className="tick-line">
        <input type="checkbox" checked={swap} onChange={(event) => setSwap(event.target.checked)} /> {w.rota.swap}
      </label>
      {swap && (
        <div className="fields">
          <Moment id={`${id}-swap-start`} label={w.rota.swapFrom} zone={zone} value={otherStart} onChange={setOtherStart} />
          <Moment id={`${id}-swap-end`} label={w.rota.swapUntil} zone={zone} value={otherEnd} onChange={setOtherEnd} />
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-note`}>{w.rota.note}</label>
        <input id={`${id}-note`} className="input" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
      </div>
      <p className="hint">{w.rota.staysYours}</p>
      <FormFoot missing={missing} problem={problem} busy={busy} act={w.rota.askNow} onLeave={onLeave} />
    </form>
  );
}
