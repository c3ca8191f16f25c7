// A fair plan, asked for and looked at; a person puts each shift on the rota, or does not.
import { useState } from "react";
import type { Proposal, RotaAbout } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useSend } from "../../api/useSend";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { stretchThere } from "../../ui/zone";

export function Plan({ about, onDone }: { about: RotaAbout; onDone: () => void }) {
  const w = useWords();
  const [open, setOpen] = useState(false);
  return (
    <section aria-labelledby="h-plan" className="plan">
      <div className="section-head">
        <h2 id="h-plan">{w.rota.proposal}</h2>
      </div>
      <p className="second">{w.rota.proposalHint}</p>
      {open ? (
        <Made about={about} onDone={onDone} />
      ) : (
        <div className="row">
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {w.rota.propose}
          </button>
        </div>
      )}
    </section>
  );
}

function Made({ about, onDone }: { about: RotaAbout; onDone: () => void }) {
  const w = useWords();
  const { found, problem } = useFetch<Proposal>(`/api/rotas/${encodeURIComponent(about.name)}/proposal`);
  if (found === null) return problem ? <Refused problem={problem} /> : <p role="status">{w.loading}</p>;
  if (found.shifts.length === 0) return <p>{w.rota.noProposal}</p>;
  // What somebody has in any case needs no touch.
  const open = found.shifts.filter((one) => !one.stands);
  const standing = found.shifts.length - open.length;
  return (
    <>
      {standing > 0 && <p>{open.length === 0 ? w.rota.allStand : w.rota.someStand(standing)}</p>}
      <ul className="lines lines-wide">
        {open.map((one) => (
          <One key={`${one.person.id} ${one.start}`} of={one} about={about} onDone={onDone} />
        ))}
      </ul>
      <h3>{w.rota.wouldCarry}</h3>
      <ul className="lines lines-wide">
        {found.load.map((one) => (
          <li key={one.person.id}>
            <span>
              <b>{one.person.name}</b>{" "}
              <span className="meta">{[`${Math.round(one.hours)} h`, `${w.reports.nights}: ${one.nights}`, `${w.reports.weekends}: ${one.weekends}`, `${w.reports.holidays}: ${one.holidays}`].join(", ")}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function One({ of, about, onDone }: { of: Proposal["shifts"][number]; about: RotaAbout; onDone: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const { send, problem, busy } = useSend();
  const [done, setDone] = useState(false);

  async function put() {
    const body = { change: "add", person: of.person.id, start: of.start, end: of.end, why: w.rota.planned };
    if ((await send(`/api/rotas/${encodeURIComponent(about.name)}/overrides`, body)) === null) return;
    setDone(true);
    onDone();
  }

  return (
    <li>
      <span className="when">{w.rota.fromTo(...stretchThere(of, about.timezone, language))}</span>
      <span>
        <b>{of.person.name}</b>
      </span>
      <div className="row">
        {done ? (
          <span role="status">{w.rota.isAdded(of.person.name)}</span>
        ) : (
          <button type="button" className="inline-link" aria-busy={busy} onClick={() => void put()}>
            {w.rota.putOn}
            <span className="sr"> {of.person.name}</span>
          </button>
        )}
      </div>
      <Refused problem={problem} />
    </li>
  );
}
