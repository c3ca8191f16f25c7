// "I have it", for whoever is paged. A second touch does no harm and says who has it.
import type { Escalation, PageDone, Person } from "../../api/types";
import { useSend } from "../../api/useSend";
import { pageFor } from "../../live/cases";
import { useStale } from "../../live/context";
import { announce } from "../../ui/announce";
import { LiveButton } from "../../ui/LiveButton";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export function TakePage({ escalation, me, number }: { escalation: Escalation; me: Person; number: string }) {
  const w = useWords();
  const stale = useStale();
  const { send, problem, busy } = useSend();
  const page = pageFor(escalation, me);
  if (!page) return null;

  async function say(what: "take" | "pass") {
    const done = await send<PageDone>(`/api/pages/${page?.id ?? ""}/${what}`);
    if (done === null || what === "pass") return;
    const other = done.taken_by !== null && done.taken_by !== me.id ? done.taken_by_name : null;
    announce(other === null ? w.ask.youHaveIt(number) : w.ask.tooLate(other));
  }

  return (
    <div className="take-page">
      <div className="row">
        <LiveButton stale={stale} className="button button-act" onClick={() => void say("take")} aria-busy={busy}>
          {w.ask.takeIt}
        </LiveButton>
        <LiveButton stale={stale} onClick={() => void say("pass")}>
          {w.ask.passIt}
        </LiveButton>
      </div>
      <Refused problem={problem} />
    </div>
  );
}
