// One's own shifts, for a telephone at 320 px: am I on call, what comes, who asks for cover, and when I am away.
import { useState } from "react";
import type { Cover, MyShift, MyShifts as Mine, Person, RotaAbout, RotaList } from "../../api/types";
import { useAgain } from "../../api/useAgain";
import { useFetch } from "../../api/useFetch";
import { watches } from "../../live/cases";
import { useLive, useNow } from "../../live/context";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { momentThere, ownZone, stretchThere } from "../../ui/zone";
import { AskCover } from "./AskCover";
import { CoverList } from "./CoverList";
import { MyLeave } from "./MyLeave";

const DAY = 86_400_000;
const AHEAD_DAYS = 42;
const AT_FIRST = 6;

export function MyShifts({ me }: { me: Person }) {
  const w = useWords();
  const now = useNow();
  const minute = Math.floor(now / 60_000) * 60_000;
  const today = Math.floor(now / DAY) * DAY;
  const { picture } = useLive();
  const [turn, again] = useAgain();
  const version = `${turn} ${minute} ${JSON.stringify(picture?.on_call ?? null)}`;
  const { found, problem } = useFetch<Mine>(`/api/me/shifts?from=${iso(today - DAY)}&to=${iso(today + AHEAD_DAYS * DAY)}`, version);
  const { found: rotas } = useFetch<RotaList>("/api/rotas");
  const known = rotas?.rotas ?? [];
  const zoneOf = (rota: string) => known.find((one) => one.name === rota)?.timezone ?? ownZone();
  const coming = (found?.shifts ?? []).filter((one) => Date.parse(one.end) > now).sort((a, b) => a.start.localeCompare(b.start));
  const covers = (found?.covers ?? []).filter((one) => one.state === "open" || (one.state === "taken" && Date.parse(one.end) > now));
  return (
    <>
      <Refused problem={problem} />
      {found === null ? (
        !problem && <p role="status">{w.loading}</p>
      ) : (
        <>
          <OnCallNow now={now} found={found} coming={coming} zoneOf={zoneOf} />
          <Coming coming={coming} covers={found.covers} rotas={known} now={now} zoneOf={zoneOf} onDone={again} />
          <CoverList covers={covers} zone={zoneOf} title={w.rota.myCovers} empty={w.rota.noOpenCovers} supervises={watches(me)} onDone={again} />
        </>
      )}
      <MyLeave me={me} version={String(turn)} now={minute} onDone={again} />
    </>
  );
}

type ZoneOf = (rota: string) => string;

function OnCallNow({ now, found, coming, zoneOf }: { now: number; found: Mine; coming: MyShift[]; zoneOf: ZoneOf }) {
  const w = useWords();
  const language = useLanguage();
  const say = (moment: string, rota: string) => momentThere(Date.parse(moment), zoneOf(rota), language);
  const running = coming.filter((one) => Date.parse(one.start) <= now);
  const next = coming.find((one) => Date.parse(one.start) > now);
  return (
    <div className="duty-now">
      {running.length > 0 ? (
        running.map((one) => <b key={`${one.rota} ${one.layer} ${one.start}`}>{w.rota.onCallUntil(one.rota, say(one.end, one.rota))}</b>)
      ) : (
        <b>{found.on_call_now.length > 0 ? w.rota.onCallNow(found.on_call_now.join(", ")) : w.rota.notOnCall}</b>
      )}
      <span className="second">{next ? w.rota.nextShift(say(next.start, next.rota), next.rota) : w.rota.noNextShift}</span>
    </div>
  );
}

interface ComingProps {
  coming: MyShift[];
  covers: Cover[];
  rotas: RotaAbout[];
  now: number;
  zoneOf: ZoneOf;
  onDone: () => void;
}

function Coming({ coming, covers, rotas, now, zoneOf, onDone }: ComingProps) {
  const w = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? coming : coming.slice(0, AT_FIRST);
  return (
    <section aria-labelledby="h-mine">
      <div className="section-head">
        <h2 id="h-mine">{w.rota.myComing}</h2>
      </div>
      {shown.length === 0 ? (
        <p className="second">{w.rota.noNextShift}</p>
      ) : (
        <ul className="lines">
          {shown.map((one) => (
            <One
              key={`${one.rota} ${one.layer} ${one.start}`}
              of={one}
              asked={covers.find((cover) => cover.state === "open" && cover.rota === one.rota && cover.may.includes("withdraw") && cover.start < one.end && cover.end > one.start)}
              rota={rotas.find((each) => each.name === one.rota)}
              now={now}
              zone={zoneOf(one.rota)}
              onDone={onDone}
            />
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

function One({ of, asked, rota, now, zone, onDone }: { of: MyShift; asked: Cover | undefined; rota: RotaAbout | undefined; now: number; zone: string; onDone: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const [asking, setAsking] = useState(false);
  const say = (moment: string) => momentThere(Date.parse(moment), zone, language);
  const leave = () => setAsking(false);
  return (
    <li className={Date.parse(of.start) <= now ? "mine-now" : ""}>
      <span className="when">{w.rota.fromTo(...stretchThere(of, zone, language))}</span>
      <span className="meta">{[of.rota, of.layer, of.for_whom ? w.rota.insteadOf(of.for_whom.name) : ""].filter(Boolean).join("; ")}</span>
      {asked ? (
        <span className="strong">{w.rota.coverAsked}</span>
      ) : (
        rota &&
        !asking && (
          <div className="row">
            <button type="button" className="button" onClick={() => setAsking(true)}>
              {w.rota.askCover}
              <span className="sr"> {say(of.start)}</span>
            </button>
          </div>
        )
      )}
      {asking && rota && (
        <AskCover
          rota={rota}
          of={of}
          person={null}
          onDone={() => {
            leave();
            onDone();
          }}
          onLeave={leave}
        />
      )}
    </li>
  );
}

const iso = (at: number) => encodeURIComponent(new Date(at).toISOString());
