// The papers of a case: forms to fill in, and what somebody outside found. In place, above the talk, never over it.
import { useEffect, useRef, useState } from "react";
import type { CaseDetail, Done, PaperRecord, Person, Staff } from "../../api/types";
import { mayFill, nameIn } from "../../live/duties";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { Outside } from "./Outside";
import { RecordForm } from "./RecordForm";
import { useRecords } from "./useRecords";

/** What stands beside the forms in the list: the results from outside. */
const OUTSIDE = "outside";

interface Props {
  detail: CaseDetail;
  sequence: number;
  me: Person;
  staff: readonly Staff[];
  /** Which form to open, chosen among those that exist; null for the list alone. */
  wanted: (forms: readonly string[]) => string | null;
  onDone: (done: Done) => void;
  onClose: () => void;
}

export function Records({ detail, sequence, me, staff, wanted, onDone, onClose }: Props) {
  const w = useWords();
  const { list, problem, reload } = useRecords(detail.id, sequence);
  const [chosen, setChosen] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const room = useRef<HTMLElement>(null);
  const opened = useRef(false);
  const records = list?.records ?? [];
  const open = chosen ?? wanted(records.map((one) => one.id));
  const form = records.find((one) => one.id === open);
  const fill = mayFill(me, detail);

  /** Leaving a field saves it, also when everything is put away. */
  function leave() {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    onClose();
  }

  useEffect(() => {
    const at = document.activeElement;
    // Opened or chosen by hand just now; a form that only comes late must not call back who has gone on.
    const here = at === null || at === document.body || (room.current?.contains(at) === true && at.matches("h2, .item"));
    if (here || !opened.current) heading.current?.focus();
    opened.current = true;
  }, [form?.id]);

  return (
    <section className="records" ref={room} aria-labelledby="h-records" onKeyDown={onEscape(leave)}>
      <div className="head">
        <h2 id="h-records" tabIndex={-1} ref={form === undefined ? heading : null}>
          {w.records.title}
        </h2>
        <button type="button" className="button button-quiet" onClick={onClose}>
          {w.records.close}
        </button>
      </div>
      <p className="hint">
        {w.records.decidesNothing} {list && (list.jurisdiction ? w.records.jurisdiction(list.jurisdiction) : w.records.noJurisdiction)}
      </p>
      {!fill && <p className="hint">{w.records.readOnly}</p>}
      {list === null && (problem ? <Refused problem={problem} /> : <p role="status">{w.loading}</p>)}
      {list && (
        <div className="records-room">
          <Forms records={records} open={open} onOpen={setChosen} />
          <div>
            {form && <RecordForm key={form.id} record={form} caseId={detail.id} fill={fill} heading={heading} reload={reload} onDone={onDone} />}
            {open === OUTSIDE && <Outside detail={detail} fill={fill} name={(id) => (id === me.id ? me.name : nameIn(detail, staff, id))} onDone={onDone} />}
          </div>
        </div>
      )}
    </section>
  );
}

function Forms({ records, open, onOpen }: { records: readonly PaperRecord[]; open: string | null; onOpen: (id: string) => void }) {
  const w = useWords();
  const current = (id: string) => (open === id ? { "aria-current": true as const } : {});
  return (
    <nav aria-label={w.records.forms}>
      {records.length === 0 && <p className="second">{w.records.noForms}</p>}
      <ul className="records-list">
        {records.map((one) => (
          <li key={one.id}>
            <button type="button" className="item" onClick={() => onOpen(one.id)} {...current(one.id)}>
              <span>{one.title}</span>
              <span className="meta">{stateOf(one, w)}</span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="item" onClick={() => onOpen(OUTSIDE)} {...current(OUTSIDE)}>
            <span>{w.records.outside}</span>
          </button>
        </li>
      </ul>
    </nav>
  );
}

function stateOf(record: PaperRecord, w: ReturnType<typeof useWords>): string {
  if (!record.begun) return w.records.notBegun;
  if (record.complete) return w.records.complete;
  return w.records.begun(record.fields.filter((field) => field.needed && field.words === "").length);
}
