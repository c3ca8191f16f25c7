// A case whose words are not open to this person: only what the board shows too, and a way to answer it if it waits.
import type { Problem } from "../api/client";
import type { Case, Done, Person } from "../api/types";
import { useSend } from "../api/useSend";
import { RiskPane } from "../features/assessment/RiskPane";
import { PageState } from "../features/escalation/PageState";
import { mayClaim } from "../live/cases";
import { useStale } from "../live/context";
import { LiveButton } from "../ui/LiveButton";
import { Refused } from "../ui/Refused";
import { useWords } from "../ui/words";

interface Props {
  of: Case;
  me: Person;
  problem: Problem | null;
  onDone: (done: Done) => void;
}

export function NotYours({ of, me, problem, onDone }: Props) {
  const w = useWords();
  const status = problem?.status;
  return (
    <div className="not-yours" id="ask">
      {status === 403 || status === 404 ? (
        <p>{problem?.message || w.case.notReadable}</p>
      ) : problem ? (
        <Refused problem={problem} />
      ) : (
        <p role="status">{w.loading}</p>
      )}
      <Claim of={of} me={me} onDone={onDone} />
      <div className="pane-care">
        <RiskPane of={of} script={null} onJump={null} onRisk={null} />
        <PageState of={of} me={me} mayStandDown={false} mayMoveOn={false} mayPage={false} />
      </div>
    </div>
  );
}

/** Answers this very case, if it waits and this person may. */
export function Claim({ of, me, onDone }: Omit<Props, "problem">) {
  const w = useWords();
  const stale = useStale();
  const { send, problem } = useSend();
  if (of.state !== "waiting" || !mayClaim(me)) return null;

  async function claim() {
    const done = await send<Done>(`/api/cases/${of.id}/claim`);
    if (done) onDone(done);
  }

  return (
    <div>
      <LiveButton stale={stale} className="button button-act" onClick={() => void claim()}>
        {w.case.answerNext(of.number)}
      </LiveButton>
      <Refused problem={problem} />
    </div>
  );
}
