// "Seen", for a notice to whoever it is for: one touch, no words.
import type { Done, Duty } from "../../api/types";
import { useSend } from "../../api/useSend";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export function Notice({ caseId, duty, onDone }: { caseId: string; duty: Duty; onDone: (done: Done) => void }) {
  const w = useWords();
  const { send, problem, busy } = useSend();

  async function seen() {
    const done = await send<Done>(`/api/cases/${caseId}/duties/${encodeURIComponent(duty.id)}`, { done: true, words: "" });
    if (done) onDone(done);
  }

  return (
    <>
      <button type="button" className="button" aria-busy={busy} onClick={() => void seen()}>
        {busy ? w.ask.saving : w.duties.seen}
        <span className="sr">{duty.title}</span>
      </button>
      <Refused problem={problem} />
    </>
  );
}
