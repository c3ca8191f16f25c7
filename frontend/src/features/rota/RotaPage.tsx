// Who is on call, week by week: the holes first, then the week, then what can be done about it.
import { useState } from "react";
import type { Coverage, Person, RotaAbout, RotaCalendar, RotaList, RotaLoad, Stretch } from "../../api/types";
import { useAgain } from "../../api/useAgain";
import { useFetch } from "../../api/useFetch";
import { watches } from "../../live/cases";
import { useLive, useNow } from "../../live/context";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { dateThere, daysLater, placeOf, startOfWeek } from "../../ui/zone";
import { ComingShifts } from "./ComingShifts";
import { CoverForm } from "./CoverForm";
import { CoverList } from "./CoverList";
import { Gaps } from "./Gaps";
import { Lacks } from "./Lacks";
import { Overrides } from "./Overrides";
import { Plan } from "./Plan";
import { Reachable } from "./Reachable";
import { Week } from "./Week";
import { holes } from "./week";
import { WhoCould } from "./WhoCould";

const DAY = 86_400_000;
const TURNS_WITHIN = 120_000;
/** So far back the figures of fairness go. */
const FAIR_DAYS = 28;

interface Props {
  me: Person;
  /** The rota in the address, or null for the first. */
  name: string | null;
}

export function RotaPage({ me, name }: Props) {
  const w = useWords();
  const { found, problem } = useFetch<RotaList>("/api/rotas");
  const rotas = found?.rotas ?? [];
  const about = rotas.find((one) => one.name === name) ?? (name === null ? rotas[0] : undefined);
  return (
    <main className="page" id="rota">
      {about ? (
        <One key={about.name} about={about} rotas={rotas} me={me} />
      ) : (
        <>
          <h1>{w.rota.title}</h1>
          <Refused problem={problem} />
          {found ? <p>{rotas.length === 0 ? w.rota.noRota : w.rota.noSuchRota(name ?? "")}</p> : !problem && <p role="status">{w.loading}</p>}
          <Tabs rotas={rotas} here="" />
        </>
      )}
    </main>
  );
}

function Tabs({ rotas, here }: { rotas: readonly RotaAbout[]; here: string }) {
  const w = useWords();
  if (rotas.length < (here ? 2 : 1)) return null;
  return (
    <nav className="tabs" aria-label={w.rota.rotas}>
      {rotas.map((one) => (
        <a key={one.name} href={`/rota/${encodeURIComponent(one.name)}`} {...(one.name === here ? { "aria-current": "page" as const } : {})}>
          {one.name}
        </a>
      ))}
    </nav>
  );
}

/** What is being filled in: a change by a supervisor, perhaps for a certain stretch. */
type Doing = { form: "cover"; stretch: Stretch | null } | { form: "who"; stretch: Stretch } | null;

function One({ about, rotas, me }: { about: RotaAbout; rotas: readonly RotaAbout[]; me: Person }) {
  const w = useWords();
  const language = useLanguage();
  const now = useNow();
  const minute = Math.floor(now / 60_000) * 60_000;
  const { picture } = useLive();
  const [weeks, setWeeks] = useState(0);
  const [doing, setDoing] = useState<Doing>(null);
  const [turn, again] = useAgain();
  const supervises = watches(me);
  const zone = about.timezone;
  const from = daysLater(startOfWeek(minute, zone), 7 * weeks, zone);
  const to = daysLater(from, 7, zone);
  // Whoever else changes it: the live picture has other people on call then, and each minute looks anew in any case.
  const version = `${turn} ${minute} ${JSON.stringify(picture?.on_call ?? null)}`;
  const path = `/api/rotas/${encodeURIComponent(about.name)}`;
  const { found: calendar, problem } = useFetch<RotaCalendar>(`${path}/calendar?from=${iso(from)}&to=${iso(to)}`, version);
  const { found: coverage } = useFetch<Coverage>("/api/coverage", version);
  const fairFrom = daysLater(startOfWeek(minute, zone), -FAIR_DAYS, zone);
  const { found: load } = useFetch<RotaLoad>(`${path}/load?from=${iso(fairFrom)}&to=${iso(fairFrom + FAIR_DAYS * DAY)}`, String(turn));
  const done = () => {
    setDoing(null);
    again();
  };
  // Until the asked week is here, the one before is not shown under its name. When a week only turns by itself, it stays
  // so long, or what somebody is filling in would go with it.
  const turned = weeks === 0 && minute - from < TURNS_WITHIN && Date.parse(calendar?.from ?? "") === daysLater(from, -7, zone);
  const shown = calendar && (turned || Date.parse(calendar.from) === from) ? calendar : null;
  const [start, end] = shown ? [Date.parse(shown.from), Date.parse(shown.to)] : [from, to];
  const name = (at: number, how: Intl.DateTimeFormatOptions) => dateThere(at, zone, language, how);
  return (
    <>
      <header>
        <div>
          <h1>{w.rota.onCallOf(about.name)}</h1>
          <p className="second">
            {w.rota.weekOf(name(start, { day: "numeric", month: "long" }), name(end - 1, { day: "numeric", month: "long", year: "numeric" }))} {w.rota.timesIn(placeOf(zone))}
          </p>
        </div>
        <div className="row">
          <button type="button" className="button" onClick={() => setWeeks(weeks - 1)}>
            {w.rota.before}
          </button>
          <button type="button" className="button" aria-pressed={weeks === 0} onClick={() => setWeeks(0)}>
            {w.rota.thisWeek}
          </button>
          <button type="button" className="button" onClick={() => setWeeks(weeks + 1)}>
            {w.rota.after}
          </button>
          {supervises && (
            <button type="button" className="button" aria-expanded={doing?.form === "cover"} onClick={() => setDoing(doing?.form === "cover" ? null : { form: "cover", stretch: null })}>
              {w.rota.addCover}
            </button>
          )}
        </div>
      </header>
      <Tabs rotas={rotas} here={about.name} />
      <Refused problem={problem} />
      {doing?.form === "cover" && <CoverForm about={about} rotas={rotas} stretch={doing.stretch} now={minute} onDone={done} onLeave={() => setDoing(null)} />}
      {shown === null ? (
        !problem && <p role="status">{w.loading}</p>
      ) : (
        <>
          <Gaps
            holes={holes(shown).filter((one) => Date.parse(one.end) > now)}
            zone={zone}
            lastResort={about.last_resort}
            act={supervises ? (stretch) => setDoing({ form: "who", stretch }) : null}
          />
          {doing?.form === "who" && (
            <WhoCould about={about} rotas={rotas} stretch={doing.stretch} load={load?.people ?? []} onDone={done} onOther={() => setDoing({ form: "cover", stretch: doing.stretch })} onLeave={() => setDoing(null)} />
          )}
          <Week of={shown} about={about} from={start} to={end} me={me.id} />
          <div className="two">
            <CoverList covers={shown.covers.filter((one) => one.state === "open")} zone={zone} title={w.rota.openCovers} empty={w.rota.noOpenCovers} supervises={supervises} onDone={again} />
            <Overrides of={shown.overrides} zone={zone} now={now} supervises={supervises} onDone={again} />
          </div>
          <ComingShifts of={shown} about={about} now={now} me={me} onDone={again} />
        </>
      )}
      <div className="two">
        <Lacks coverage={coverage} />
        {supervises && <Reachable version={String(turn)} />}
      </div>
      {supervises && <Plan about={about} onDone={again} />}
    </>
  );
}

const iso = (at: number) => encodeURIComponent(new Date(at).toISOString());
