// What is still owed in a case: what matters most first, each with why, until when, and what can be said about it.
import { useRef } from "react";
import type { Case, CaseDetail, Done, Duty, Person, Staff } from "../../api/types";
import { mayFill, nameIn, owed, settled, withWords } from "../../live/duties";
import { useKey } from "../../ui/keys";
import { useWords } from "../../ui/words";
import { OneOwed } from "./OneOwed";
import { Settled } from "./Settled";

interface Props {
  detail: CaseDetail;
  of: Case;
  me: Person;
  staff: readonly Staff[];
  /** Jumps to the first open question of an instrument; null where there is none to jump to. */
  askNow: (instrument: string) => (() => void) | null;
  onRecord: (duty: Duty) => void;
  onDone: (done: Done) => void;
}

export function Owed({ detail, of, me, staff, askNow, onRecord, onDone }: Props) {
  const w = useWords();
  const head = useRef<HTMLHeadingElement>(null);
  const cameFrom = useRef<HTMLElement | null>(null);
  const duties = withWords(of.duties, detail.duties);
  const open = owed(duties);
  const over = settled(duties);
  const name = (id: string) => (id === me.id ? me.name : nameIn(detail, staff, id));

  // There and back, like the notes.
  useKey("Ctrl+O", () => {
    const panel = head.current?.closest("section");
    if (panel?.contains(document.activeElement)) {
      if (cameFrom.current?.isConnected) cameFrom.current.focus();
      return;
    }
    cameFrom.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    head.current?.focus();
    head.current?.scrollIntoView({ block: "nearest" });
  });

  if (duties.length === 0) return null;
  return (
    <section className="group ruled owed" aria-labelledby="h-owed" id="owed">
      <div className="head">
        <h2 id="h-owed" ref={head} tabIndex={-1}>
          {w.duties.title} <kbd>Ctrl O</kbd>
        </h2>
        {open.length > 0 && <span className="meta num">{open.length}</span>}
      </div>
      {open.length === 0 ? (
        <p className="second">{w.duties.nothing}</p>
      ) : (
        <ol>
          {open.map((duty) => (
            <li key={duty.id} className={duty.kind === "emergency" ? "duty duty-emergency" : "duty"}>
              <OneOwed
                duty={duty}
                caseId={of.id}
                me={me}
                name={name}
                mayFill={mayFill(me, of)}
                askNow={askNow(duty.of)}
                onRecord={() => onRecord(duty)}
                onDone={onDone}
              />
            </li>
          ))}
        </ol>
      )}
      {over.length > 0 && <Settled duties={over} name={name} />}
    </section>
  );
}
