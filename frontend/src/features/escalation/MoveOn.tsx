// To the next step before its time: whoever is tried now stays paged, and somebody more is.
import type { Done, Escalation } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useStale } from "../../live/context";
import { LiveButton } from "../../ui/LiveButton";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export function MoveOn({ caseId, escalation }: { caseId: string; escalation: Escalation }) {
  const w = useWords();
  const stale = useStale();
  const { send, problem, busy } = useSend();
  // The step is named, so that a ladder that has just gone on by itself is not sent one further.
  const move = () => void send<Done>(`/api/cases/${caseId}/escalations/${escalation.id}/next`, { step: escalation.step + 1 });
  return (
    <>
      {" "}
      <LiveButton stale={stale} className="inline-link" aria-busy={busy} onClick={move}>
        {w.ask.moveOn}
      </LiveButton>
      <Refused problem={problem} />
    </>
  );
}
