// Who could fill a hole, who carried least first, and putting them on in one touch.
import { useEffect, useRef, useState } from "react";
import type { Load, RotaAbout, Stretch } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { stretchThere } from "../../ui/zone";
import { Anyway } from "./Anyway";
import { everybody } from "./people";

interface Props {
  about: RotaAbout;
  rotas: readonly RotaAbout[];
  stretch: Stretch;
  load: readonly Load[];
  onDone: () => void;
  /** The whole form, for what this list has no room for. */
  onOther: () => void;
  onLeave: () => void;
}

export function WhoCould({ about, rotas, stretch, load, onDone, onOther, onLeave }: Props) {
  const w = useWords();
  const language = useLanguage();
  const { send, problem, busy } = useSend();
  const [wanted, setWanted] = useState("");
  const head = useRef<HTMLHeadingElement>(null);
  const carried = new Map(load.map((one) => [one.person.id, one]));
  const hours = (id: string) => carried.get(id)?.hours ?? 0;
  const people = everybody(about, rotas).sort((a, b) => hours(a.id) - hours(b.id) || a.name.localeCompare(b.name));

  // Once for each stretch: the screen is drawn anew each second, and must not take the focus back each second.
  useEffect(() => head.current?.focus({ preventScroll: true }), [stretch]);

  async function put(person: string, more: object = {}) {
    setWanted(person);
    const body = { change: "add", person, start: stretch.start, end: stretch.end, why: w.rota.filledGap, ...more };
    if ((await send(`/api/rotas/${encodeURIComponent(about.name)}/overrides`, body)) !== null) onDone();
  }

  return (
    <section aria-labelledby="h-who">
      <div className="section-head">
        <h2 id="h-who" tabIndex={-1} ref={head}>
          {w.rota.whoCould}
        </h2>
        <span className="meta">{w.rota.fromTo(...stretchThere(stretch, about.timezone, language))}</span>
      </div>
      <Refused problem={problem} />
      <Anyway problem={problem} supervises onAnyway={(why) => void put(wanted, { anyway: true, why })} />
      <table role="table" className="plain-table stack">
        <thead role="rowgroup">
          <tr role="row">
            {[w.rota.person, w.rota.hours, w.rota.nights, w.rota.wakes].map((one) => (
              <th role="columnheader" scope="col" key={one}>
                {one}
              </th>
            ))}
            <th role="columnheader" scope="col">
              <span className="sr">{w.rota.action}</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {people.map((one) => (
            <tr role="row" key={one.id}>
              <th role="rowheader" scope="row">
                {one.name}
              </th>
              <Figure label={w.rota.hours} value={carried.get(one.id)?.hours} />
              <Figure label={w.rota.nights} value={carried.get(one.id)?.nights} />
              <Figure label={w.rota.wakes} value={carried.get(one.id)?.wakes} />
              <td role="cell" className="right">
                <button type="button" className="button" aria-busy={busy && wanted === one.id} onClick={() => void put(one.id)}>
                  {w.rota.putOn}
                  <span className="sr"> {one.name}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <button type="button" className="button" onClick={onOther}>
          {w.rota.otherTimes}
        </button>
        <button type="button" className="button button-quiet" onClick={onLeave}>
          {w.cancel}
        </button>
      </div>
    </section>
  );
}

function Figure({ label, value }: { label: string; value: number | undefined }) {
  return (
    <td role="cell" data-label={label} className="figure">
      {value === undefined ? "–" : Math.round(value)}
    </td>
  );
}
