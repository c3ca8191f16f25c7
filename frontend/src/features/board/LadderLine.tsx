// Where a ladder stands, in one line: who is paged, and where it goes when the time of this step is over.
import type { Escalation } from "../../api/types";
import { nextStep, shareOver } from "../../live/cases";
import { useNow } from "../../live/context";
import { Rungs } from "../../ui/Rungs";
import { until } from "../../ui/time";
import { useWords } from "../../ui/words";

export function LadderLine({ escalation }: { escalation: Escalation }) {
  const w = useWords();
  const now = useNow();
  const next = nextStep(escalation);
  // Who is asked on two steps is one person.
  const names = [...new Set(escalation.pages.filter((page) => page.state === "open").map((page) => page.name))];
  const left = escalation.next_due_at ? until(escalation.next_due_at, now) : "";
  const who = next?.targets.map((target) => target.words || target.name).join(", ");
  return (
    <p className="second">
      <Rungs steps={escalation.steps.length} step={escalation.step} over={shareOver(escalation, now)} />
      <span className="sr">{w.board.stepOf(escalation.step, escalation.steps.length)}</span>
      <span>
        {names.length > 0 && `${w.board.paged(names.join(", "))} `}
        {left && (who ? w.board.nextWho(who, left) : w.board.alarmIn(left))}
      </span>
    </p>
  );
}
