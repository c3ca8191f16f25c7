// Shifts that somebody would hand over: what is asked, who is asked, and taking it in one touch.
import { useState } from "react";
import type { Cover, CoverMay } from "../../api/types";
import { useSend } from "../../api/useSend";
import { announce } from "../../ui/announce";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { stretchThere } from "../../ui/zone";
import { Anyway } from "./Anyway";

interface Props {
  covers: readonly Cover[];
  zone: string | ((rota: string) => string);
  title: string;
  empty: string;
  supervises: boolean;
  onDone: () => void;
}

export function CoverList({ covers, zone, title, empty, supervises, onDone }: Props) {
  return (
    <section aria-labelledby="h-covers">
      <div className="section-head">
        <h2 id="h-covers">{title}</h2>
      </div>
      {covers.length === 0 ? (
        <p className="second">{empty}</p>
      ) : (
        <ul className="lines">
          {covers.map((one) => (
            <OneCover key={one.id} of={one} zone={typeof zone === "string" ? zone : zone(one.rota)} supervises={supervises} onDone={onDone} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface OneProps {
  of: Cover;
  zone: string;
  supervises: boolean;
  onDone: () => void;
}

function OneCover({ of, zone, supervises, onDone }: OneProps) {
  const w = useWords();
  const language = useLanguage();
  const { send, problem, busy } = useSend();
  const [wanted, setWanted] = useState<CoverMay | null>(null);

  async function act(what: CoverMay, more: object = {}) {
    setWanted(what);
    if ((await send(`/api/covers/${encodeURIComponent(of.id)}/${what}`, more)) === null) return;
    announce(w.rota.done[what]);
    onDone();
  }

  return (
    <li>
      <span className="strong">{coverWords(of, w.rota)}</span>
      <span className="when">{w.rota.fromTo(...stretchThere(of, zone, language))}</span>
      <span className="meta">{[of.rota, of.of ? w.rota.askedOnly(of.of.name) : "", of.in_exchange ? w.rota.inExchange(...stretchThere(of.in_exchange, zone, language)) : ""].filter(Boolean).join("; ")}</span>
      {of.note && <span>“{of.note}”</span>}
      {of.declined_by.length > 0 && <span className="meta">{w.rota.declinedBy(of.declined_by.map((one) => one.name).join(", "))}</span>}
      {of.warnings.map((one) => (
        <span className="lack" key={one}>
          {one}
        </span>
      ))}
      {of.may.length > 0 && (
        <div className="row">
          {of.may.map((what) => (
            <button key={what} type="button" className={what === "take" ? "button button-act" : "button"} aria-busy={busy && wanted === what} onClick={() => void act(what)}>
              {w.rota.may[what]}
              <span className="sr"> {coverWords(of, w.rota)}</span>
            </button>
          ))}
        </div>
      )}
      <Refused problem={problem} />
      {wanted === "take" && <Anyway problem={problem} supervises={supervises} onAnyway={(why) => void act("take", { anyway: true, why })} />}
    </li>
  );
}

type RotaWords = ReturnType<typeof useWords>["rota"];

export function coverWords(of: Cover, w: RotaWords): string {
  switch (of.state) {
    case "open":
      return w.asksForCover(of.person.name);
    case "taken":
      return w.coverTaken(of.taken_by?.name ?? "", of.person.name);
    default:
      return w.coverOver[of.state](of.person.name);
  }
}
