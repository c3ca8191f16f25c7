// The console for one case, composed: what we know, what is said, what to ask next, what it means.
import { useEffect, useRef, useState } from "react";
import type { Done, Duty, Person } from "../api/types";
import { CaseBar } from "../features/case/CaseBar";
import { Strip } from "../features/case/Strip";
import { markSeen } from "../features/case/unread";
import { Records } from "../features/duties/Records";
import { answers, freshest, ownCases, waiting } from "../live/cases";
import { useCases, useLive, useStale } from "../live/context";
import { useDetail, useDetails } from "../live/details";
import { formOf } from "../live/duties";
import { useWords } from "../ui/words";
import { Console } from "./Console";
import { Loading } from "./Loading";
import { NotYours } from "./NotYours";
import { useHere } from "./useHere";
import { go } from "./route";

/** The papers stand in place: shut, the list of them, or the one that a duty asks for. */
type Papers = "shut" | "list" | Duty;

export function CasePage({ id, me }: { id: string; me: Person }) {
  const w = useWords();
  const cases = useCases();
  const stale = useStale();
  const live = cases.get(id);
  const { detail, problem } = useDetail(id, live?.sequence ?? 0);
  const details = useDetails();
  const { picture } = useLive();
  const [papers, setPapers] = useState<Papers>("shut");
  const cameFrom = useRef<HTMLElement | null>(null);
  const recordsButton = useRef<HTMLButtonElement>(null);
  const of = freshest(detail ?? undefined, live);

  useEffect(() => {
    if (detail && document.visibilityState === "visible") markSeen(detail);
  }, [detail]);

  useHere(of, me);

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

  function openPapers(which: Papers) {
    cameFrom.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setPapers(which);
  }

  /** Back to the button that opened them, be it here or beside a duty. */
  function closePapers() {
    const from = cameFrom.current;
    if (from?.isConnected && from !== document.body) from.focus();
    else recordsButton.current?.focus();
    setPapers("shut");
  }

  return (
    <>
      {strip}
      <main className={stale ? "is-stale" : ""}>
        <CaseBar
          of={of}
          me={me}
          onDone={onDone}
          onLeft={() => go("/")}
          acts={
            detail && (
              <button
                type="button"
                className="button button-quiet"
                ref={recordsButton}
                aria-expanded={papers !== "shut"}
                onClick={() => (papers === "shut" ? openPapers("list") : closePapers())}
              >
                {w.records.open}
              </button>
            )
          }
        />
        {detail && papers !== "shut" && (
          <Records
            key={typeof papers === "string" ? papers : papers.id}
            detail={detail}
            sequence={of.sequence}
            me={me}
            staff={picture?.service.at_work ?? []}
            wanted={(forms) => (typeof papers === "string" ? null : formOf(papers, forms))}
            onDone={onDone}
            onClose={closePapers}
          />
        )}
        {detail ? <Console detail={detail} of={of} me={me} onDone={onDone} onRecord={openPapers} /> : <NotYours of={of} me={me} problem={problem} onDone={onDone} />}
      </main>
    </>
  );
}
