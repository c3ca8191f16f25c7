// The shifts of this week that are still to come, each with what can be done about it in one touch.
import { useState } from "react";
import type { CalendarShift, Person, RotaAbout, RotaCalendar } from "../../api/types";
import { useSend } from "../../api/useSend";
import { watches } from "../../live/cases";
import { announce } from "../../ui/announce";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { momentThere, stretchThere } from "../../ui/zone";
import { Anyway } from "./Anyway";
import { AskCover } from "./AskCover";

const AT_FIRST = 12;

interface Props {
  of: RotaCalendar;
  about: RotaAbout;
  now: number;
  me: Person;
  onDone: () => void;
}

export function ComingShifts({ of, about, now, me, onDone }: Props) {
  const w = useWords();
  const [all, setAll] = useState(false);
  const coming = of.shifts.filter((one) => Date.parse(one.end) > now).sort((a, b) => a.start.localeCompare(b.start));
  const shown = all ? coming : coming.slice(0, AT_FIRST);
  // Who is on this rota at all, or answers for it, may take somebody's shift.
  const belongs = watches(me) || about.layers.some((layer) => layer.people.some((one) => one.id === me.id));
  return (
    <section aria-labelledby="h-coming">
      <div className="section-head">
        <h2 id="h-coming">{w.rota.coming}</h2>
        <span className="meta">{w.rota.handOverHint}</span>
      </div>
      {shown.length === 0 ? (
        <p className="second">{w.rota.noneThisWeek}</p>
      ) : (
        <ul className="lines lines-wide">
          {shown.map((one) => (
            <One key={`${one.layer} ${one.person.id} ${one.start}`} of={one} about={about} me={me} belongs={belongs} onDone={onDone} />
          ))}
        </ul>
      )}
      {shown.length < coming.length && (
        <button type="button" className="inline-link" onClick={() => setAll(true)}>
          {w.rota.showAll(coming.length)}
        </button>
      )}
    </section>
  );
}

function One({ of, about, me, belongs, onDone }: { of: CalendarShift; about: RotaAbout; me: Person; belongs: boolean; onDone: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const { send, problem, busy } = useSend();
  const [asking, setAsking] = useState(false);
  const mine = of.person.id === me.id;
  const say = (moment: string) => momentThere(Date.parse(moment), about.timezone, language);
  const what = `${of.person.name}, ${say(of.start)}`;

  async function take(more: object = {}) {
    const body = { person: of.person.id, start: of.start, end: of.end, ...more };
    if ((await send(`/api/rotas/${encodeURIComponent(about.name)}/take-shift`, body)) === null) return;
    announce(w.rota.done.take);
    onDone();
  }

  return (
    <li className={mine ? "mine-now" : ""}>
      <span className="when">{w.rota.fromTo(...stretchThere(of, about.timezone, language))}</span>
      <span>
        <b>{mine ? w.you : of.person.name}</b> <span className="meta">{[of.layer, of.for_whom ? w.rota.insteadOf(of.for_whom.name) : ""].filter(Boolean).join("; ")}</span>
      </span>
      {belongs && !asking && (
        <div className="row">
          {!mine && (
            <button type="button" className="inline-link" aria-busy={busy} onClick={() => void take()}>
              {w.rota.takeShift}
              <span className="sr"> {what}</span>
            </button>
          )}
          {(mine || watches(me)) && (
            <button type="button" className="inline-link" onClick={() => setAsking(true)}>
              {mine ? w.rota.askCover : w.rota.askCoverFor}
              <span className="sr"> {what}</span>
            </button>
          )}
        </div>
      )}
      {asking && <AskCover rota={about} of={of} person={mine ? null : of.person} onDone={onDone} onLeave={() => setAsking(false)} />}
      <Refused problem={problem} />
      <Anyway problem={problem} supervises={watches(me)} onAnyway={(why) => void take({ anyway: true, why })} />
    </li>
  );
}
