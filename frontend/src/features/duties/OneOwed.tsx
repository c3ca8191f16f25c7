// One thing that is owed: its name, why, until when, and the buttons of whoever may say what became of it.
import { useState } from "react";
import type { Done, Duty, Person } from "../../api/types";
import { WITHOUT_CONSENT, isFor, maySecond } from "../../live/duties";
import { useNow } from "../../live/context";
import { useLanguage } from "../../ui/choice";
import { useWords } from "../../ui/words";
import { dueWords } from "./due";
import { Notice } from "./Notice";
import { type How, Settle } from "./Settle";

interface Props {
  duty: Duty;
  caseId: string;
  me: Person;
  name: (id: string) => string;
  mayFill: boolean;
  askNow: (() => void) | null;
  /** Opens the form that it is written on; null where there is no room for it. */
  onRecord: (() => void) | null;
  onDone: (done: Done) => void;
}

export function OneOwed({ duty, caseId, me, name, mayFill, askNow, onRecord, onDone }: Props) {
  const w = useWords();
  const [how, setHow] = useState<How | null>(null);
  const seconding = maySecond(duty, me);
  return (
    <>
      <p className="duty-title">
        {duty.title}
      </p>
      <p className="duty-why">
        {duty.why} <span className="meta">{w.duties.rule(duty.rule)}</span>
      </p>
      {duty.kind === "emergency" && (
        <p className="duty-why">
          {duty.of !== WITHOUT_CONSENT && <b>{w.duties.consentFirst}</b>} {w.duties.decide}
        </p>
      )}
      <Due duty={duty} />
      {duty.kind === "ask" && askNow && <p className="meta">{w.duties.byItself}</p>}
      <Proposed duty={duty} me={me} name={name} seconding={seconding} />
      {how !== null ? (
        <Settle duty={duty} how={how} caseId={caseId} seconding={seconding} onDone={onDone} onLeave={() => setHow(null)} />
      ) : (
        <Acts duty={duty} caseId={caseId} me={me} mayFill={mayFill} seconding={seconding} askNow={askNow} onRecord={onRecord} onHow={setHow} onDone={onDone} />
      )}
    </>
  );
}

function Due({ duty }: { duty: Duty }) {
  const w = useWords();
  const language = useLanguage();
  const due = dueWords(duty, useNow(), language, w);
  return (
    <p className="meta">
      {due !== null && <span className={due.late ? "duty-late num-wrap" : "num-wrap"}>{due.words}. </span>}
      {duty.holds_the_case_open ? w.duties.needed : w.duties.outlives}
    </p>
  );
}

/** Somebody would not do it: who, why, and who else must agree. */
function Proposed({ duty, me, name, seconding }: Pick<Props, "duty" | "me" | "name"> & { seconding: boolean }) {
  const w = useWords();
  if (duty.decline_proposed_by === null) return null;
  const mine = duty.decline_proposed_by === me.id;
  return (
    <div className="aside-line">
      <p>
        {mine ? w.duties.youWould : w.duties.would(name(duty.decline_proposed_by))}
        {duty.words && <q className="duty-words">{duty.words}</q>}
      </p>
      <p className="meta">{seconding ? w.duties.agreeQuestion : w.duties.waitsForSecond}</p>
    </div>
  );
}

interface ActsProps extends Pick<Props, "duty" | "caseId" | "me" | "mayFill" | "askNow" | "onRecord" | "onDone"> {
  seconding: boolean;
  onHow: (how: How) => void;
}

function Acts({ duty, caseId, me, mayFill, seconding, askNow, onRecord, onHow, onDone }: ActsProps) {
  const w = useWords();
  const about = <span className="sr">{duty.title}</span>;
  if (duty.kind === "notify") return isFor(duty, me) ? <Notice caseId={caseId} duty={duty} onDone={onDone} /> : null;
  if (!mayFill) return null;
  return (
    <div className="duty-acts">
      {duty.kind === "ask" && askNow && (
        <button type="button" className="button" onClick={askNow}>
          {w.duties.askNow}
          {about}
        </button>
      )}
      {duty.kind === "report" && onRecord && (
        <button type="button" className="button" onClick={onRecord}>
          {w.duties.openRecord}
          {about}
        </button>
      )}
      {(duty.kind !== "ask" || askNow === null) && (
        <button type="button" className="button" onClick={() => onHow("done")}>
          {w.duties.doneButton}
          {about}
        </button>
      )}
      <button type="button" className="button button-quiet" onClick={() => onHow("not_done")}>
        {seconding ? w.duties.agree : w.duties.notDone}
        {about}
      </button>
    </div>
  );
}
