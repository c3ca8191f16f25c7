// "Seen", for a notice to whoever it is for: one touch, no words.
import { useRef } from "react";
import type { Done, Duty } from "../../api/types";
import { useSend } from "../../api/useSend";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export function Notice({ caseId, duty, onDone }: { caseId: string; duty: Duty; onDone: (done: Done) => void }) {
  const w = useWords();
  const { send, problem, busy } = useSend();
  const button = useRef<HTMLButtonElement>(null);

  async function seen() {
    const done = await send<Done>(`/api/cases/${caseId}/duties/${encodeURIComponent(duty.id)}`, { done: true, words: "" });
    if (done === null) return;
    // A button that goes while it has the focus tells nobody, and the board would hold its rows for it.
    button.current?.blur();
    onDone(done);
  }

  return (
    <>
      <button type="button" ref={button} className="button" aria-busy={busy} onClick={() => void seen()}>
        {busy ? w.ask.saving : w.duties.seen}
        <span className="sr">{duty.title}</span>
      </button>
      <Refused problem={problem} />
    </>
  );
}
