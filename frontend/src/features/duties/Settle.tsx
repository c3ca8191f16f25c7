// Says what became of something owed: done, or not to be done and why. What was typed stays until it was saved.
import { type SubmitEvent, useId, useState } from "react";
import type { Done, Duty } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useDraft } from "../../live/drafts";
import { needsWords } from "../../live/duties";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export type How = "done" | "not_done";

interface Props {
  duty: Duty;
  how: How;
  caseId: string;
  seconding: boolean;
  onDone: (done: Done) => void;
  onLeave: () => void;
}

export function Settle({ duty, how, caseId, seconding, onDone, onLeave }: Props) {
  const w = useWords();
  const box = useId();
  const [text, setText] = useDraft(`duty ${how} ${duty.id}`, caseId);
  const { send, problem, busy } = useSend();
  const [empty, setEmpty] = useState(false);
  const needed = how === "not_done" || needsWords(duty);
  const label = how === "done" ? w.duties.whatWasDone[duty.kind] : seconding ? w.duties.whyAgree : w.duties.whyNot;
  const verb = how === "done" ? w.duties.save : seconding ? w.duties.agreeNow : duty.needs_second ? w.duties.propose : w.duties.save;

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const words = text.trim();
    setEmpty(needed && words === "");
    if (busy || (needed && words === "")) return;
    const path = `/api/cases/${caseId}/duties/${encodeURIComponent(duty.id)}`;
    const done = await send<Done>(path, { done: how === "done", words });
    if (done === null) return;
    setText("");
    onDone(done);
    onLeave();
    // The form is gone, and maybe the whole line: the focus goes where it can go on from.
    document.getElementById("h-owed")?.focus();
  }

  return (
    <form
      className="inline-form"
      aria-label={how === "done" ? w.duties.doneTitle(duty.title) : w.duties.notDoneTitle(duty.title)}
      onKeyDown={onEscape(onLeave)}
      onSubmit={(event) => void submit(event)}
    >
      <div className="field">
        <label htmlFor={box}>
          {label} {!needed && <span className="meta">{w.duties.mayStayEmpty}</span>}
        </label>
        <textarea
          id={box}
          rows={2}
          autoFocus
          value={text}
          maxLength={4000}
          onChange={(event) => setText(event.target.value)}
          aria-describedby={how === "not_done" && duty.needs_second && !seconding ? `${box}-hint` : undefined}
        />
        {how === "not_done" && duty.needs_second && !seconding && (
          <span className="hint" id={`${box}-hint`}>
            {w.duties.secondHint}
          </span>
        )}
      </div>
      {empty && (
        <p className="refused" role="alert">
          {w.duties.wordsNeeded}
        </p>
      )}
      <Refused problem={problem} />
      <div className="row">
        <button type="submit" className="button">
          {busy ? w.ask.saving : verb}
        </button>
        <button type="button" className="button button-quiet" onClick={onLeave}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
