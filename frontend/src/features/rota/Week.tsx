// The week, layer by layer: who answers after covers, then each layer, covers, leave, and the last resort. A list where it is narrow.
import { type CSSProperties, useState } from "react";
import type { RotaAbout, RotaCalendar } from "../../api/types";
import { useNow } from "../../live/context";
import { useLanguage } from "../../ui/choice";
import { useWords } from "../../ui/words";
import { dayThere, timeThere } from "../../ui/zone";
import { type Bar, type Piece, days, edges, ofLayer, row, surname, whoAnswers } from "./week";

interface Props {
  of: RotaCalendar;
  about: RotaAbout;
  from: number;
  to: number;
  me: string;
}

/** Narrower than this share of a week, a bar has room for a surname and a time only. */
const SHORT = 0.1;
const TINY = 0.06;
/** Narrower than this, not even for a name: it is read in the list of shifts below. */
const MUTE = 0.025;
const AT_FIRST = 14;

export function Week({ of, about, from, to, me }: Props) {
  const w = useWords();
  const language = useLanguage();
  const now = useNow();
  const zone = about.timezone;
  const at = (now - from) / (to - from);
  const begins = days(from, zone);
  return (
    <section aria-labelledby="h-week" id="week">
      <h2 id="h-week" className="sr">
        {w.rota.week}
      </h2>
      <div className="week">
        <div className="days" aria-hidden="true">
          {begins.map((day, index) => (
            <span
              key={day}
              className={now >= day && now < (begins[index + 1] ?? to) ? "today" : ""}
              style={placed((day - from) / (to - from), ((begins[index + 1] ?? to) - from) / (to - from))}
            >
              {dayThere(day, zone, language)}
            </span>
          ))}
        </div>
        <Layer className="layer-who" title={w.rota.whoAnswers} note={w.rota.afterCovers} pieces={whoAnswers(of, w.rota.nobody, w.rota.lastResortOnly)} {...{ from, to, zone }} />
        {about.layers.map((layer) => (
          <Layer key={layer.name} title={layer.name} note={layerNote(layer.type, layer.timezone, zone, w.rota)} pieces={ofLayer(of, layer.name, me)} {...{ from, to, zone }} />
        ))}
        <Layer title={w.rota.covers} note={w.rota.coversWin} pieces={coversOf(of, w.rota)} {...{ from, to, zone }} />
        {of.leave.length > 0 && <Layer title={w.rota.leave} note={w.rota.leaveNote} pieces={leaveOf(of)} {...{ from, to, zone }} />}
        {about.last_resort.length > 0 && (
          <Layer
            title={w.rota.lastResort}
            note={w.rota.always}
            pieces={lastResortOf(about, from, to, me, w.you)}
            {...{ from, to, zone }}
          />
        )}
        {at >= 0 && at <= 1 && (
          <div className="now-line" aria-hidden="true" style={placed(at, 1)}>
            <span>{w.rota.now}</span>
          </div>
        )}
      </div>
    </section>
  );
}

type RotaWords = ReturnType<typeof useWords>["rota"];

function layerNote(type: string, zone: string, usual: string, w: RotaWords): string {
  const kind = type in w.types ? w.types[type as keyof typeof w.types] : type;
  return zone && zone !== usual ? `${kind}, ${zone}` : kind;
}

function coversOf(of: RotaCalendar, w: RotaWords): Piece[] {
  const made = of.overrides.map((one): Piece => {
    const say = (name: (full: string) => string) =>
      one.change === "remove" ? w.isOff(name(one.person.name)) : one.for_whom ? w.coverFor(name(one.person.name), name(one.for_whom.name)) : w.isAdded(name(one.person.name));
    return { key: `made ${one.id}`, ...edges(one), who: say(whole), short: say(surname), kind: "cover" };
  });
  const asked = of.covers
    .filter((one) => one.state === "open" || one.state === "taken")
    .map((one): Piece => {
      const taker = one.taken_by;
      const say = (name: (full: string) => string) => (taker ? w.coverFor(name(taker.name), name(one.person.name)) : w.asksForCover(name(one.person.name)));
      return { key: `asked ${one.id}`, ...edges(one), who: say(whole), short: say(surname), kind: "cover" };
    });
  return [...made, ...asked];
}

const whole = (name: string) => name;

const leaveOf = (of: RotaCalendar): Piece[] =>
  of.leave.map((one) => ({ key: `leave ${one.id}`, ...edges(one), who: one.person.name, short: surname(one.person.name), kind: "leave" }));

function lastResortOf(about: RotaAbout, from: number, to: number, me: string, you: string): Piece[] {
  const names = about.last_resort.map((one) => (one.id === me ? you : one.name)).join(", ");
  return [{ key: "last", start: from, end: to, who: names, short: names, kind: about.last_resort.some((one) => one.id === me) ? "mine" : "shift" }];
}

interface LayerProps {
  title: string;
  note: string;
  pieces: Piece[];
  from: number;
  to: number;
  zone: string;
  className?: string;
}

function Layer({ title, note, pieces, from, to, zone, className = "" }: LayerProps) {
  const w = useWords();
  const [all, setAll] = useState(false);
  const { bars, lanes } = row(title, pieces, from, to);
  return (
    <div className={`layer ${className}`}>
      <h3>
        {title} <small>{note}</small>
      </h3>
      {bars.length === 0 ? (
        <p className="layer-empty second">{w.rota.noneThisWeek}</p>
      ) : (
        <ol style={{ "--lanes": lanes } as CSSProperties} className={all ? "" : "first-few"}>
          {bars.map((bar) => (
            <Shift key={bar.key} bar={bar} from={from} to={to} zone={zone} />
          ))}
        </ol>
      )}
      {bars.length > AT_FIRST && !all && (
        <button type="button" className="inline-link layer-more" onClick={() => setAll(true)}>
          {w.rota.showAll(bars.length)}
        </button>
      )}
    </div>
  );
}

const KIND: Record<Piece["kind"], string> = { shift: "", gap: "gap", cover: "cover", leave: "on-leave", mine: "mine", last: "gap" };

function Shift({ bar, from, to, zone }: { bar: Bar; from: number; to: number; zone: string }) {
  const w = useWords();
  const language = useLanguage();
  const width = bar.to - bar.from;
  const size = width < MUTE ? " tiny mute" : width < TINY ? " tiny" : "";
  const say = (at: number) => `${dayThere(at, zone, language).replace(/ \d+$/, "")} ${timeThere(at, zone)}`;
  const whole = bar.start <= from && bar.end >= to;
  const full = whole ? w.rota.allWeek : w.rota.fromTo(say(bar.start), say(bar.end));
  const brief = width < SHORT;
  const begins = timeThere(bar.start, zone);
  const short = whole ? w.rota.allWeek : bar.start <= from ? w.rota.toTime(briefly(timeThere(bar.end, zone), width < TINY)) : brief ? begins : w.rota.fromTime(begins);
  return (
    <li className={`shift ${KIND[bar.kind]}${size}`} style={{ ...placed(bar.from, bar.to), "--lane": bar.lane } as CSSProperties} title={`${bar.who}, ${full}`}>
      <b className={brief ? "wide-words" : ""}>{bar.who}</b>
      {brief && (
        <b className="from" aria-hidden="true">
          {bar.short}
        </b>
      )}
      <span className="from" aria-hidden="true">
        {short}
      </span>
      <span className="full">{full}</span>
    </li>
  );
}

/** `8` for `08:00`, where even that is much. */
const briefly = (time: string, tiny: boolean) => (tiny ? time.replace(/^0(?=\d)/, "").replace(/:00$/, "") : time);

const placed = (from: number, to: number) => ({ "--from": from, "--to": to }) as CSSProperties;
