// The console for one case, composed: what we know, what is said, what to ask next, what it means.
import { useEffect } from "react";
import type { Done, Person } from "../api/types";
import { CaseBar } from "../features/case/CaseBar";
import { Strip } from "../features/case/Strip";
import { markSeen } from "../features/case/unread";
import { answers, freshest, ownCases, waiting } from "../live/cases";
import { useCases, useStale } from "../live/context";
import { useDetail, useDetails } from "../live/details";
import { useWords } from "../ui/words";
import { Console } from "./Console";
import { Loading } from "./Loading";
import { NotYours } from "./NotYours";
import { go } from "./route";

export function CasePage({ id, me }: { id: string; me: Person }) {
  const w = useWords();
  const cases = useCases();
  const stale = useStale();
  const live = cases.get(id);
  const { detail, problem } = useDetail(id, live?.sequence ?? 0);
  const details = useDetails();
  const of = freshest(detail ?? undefined, live);

  useEffect(() => {
    if (detail && document.visibilityState === "visible") markSeen(detail);
  }, [detail]);

  const all = [...cases.values()];
  const strip = answers(me) && <Strip own={ownCases(all, me)} waiting={waiting(all)} openId={id} />;
  if (!of) {
    return (
      <>
        {strip}
        <Loading id="ask" title={w.case.caseWord} problem={problem} />
      </>
    );
  }
  const onDone = (done: Done) => details.acknowledge(done.case);
  return (
    <>
      {strip}
      <main className={stale ? "is-stale" : ""}>
        <CaseBar of={of} me={me} onDone={onDone} onLeft={() => go("/")} />
        {detail ? <Console detail={detail} of={of} me={me} onDone={onDone} /> : <NotYours of={of} me={me} problem={problem} onDone={onDone} />}
      </main>
    </>
  );
}
