// What stands above every case and never moves: which it is, how long, and a supervisor at one key.
import { type ReactNode, useRef, useState } from "react";
import type { Case, Done, Person } from "../../api/types";
import { useSend } from "../../api/useSend";
import { watches } from "../../live/cases";
import { useNow, useStale } from "../../live/context";
import { useKey } from "../../ui/keys";
import { LiveButton } from "../../ui/LiveButton";
import { RiskWord } from "../../ui/Mark";
import { Refused } from "../../ui/Refused";
import { since } from "../../ui/time";
import { languageName, useWords } from "../../ui/words";
import { CloseCase } from "./CloseCase";
import { Release } from "./Release";

interface Props {
  of: Case;
  me: Person;
  onDone: (done: Done) => void;
  onLeft: () => void;
  /** What else can be done from here, quietly. */
  acts: ReactNode;
}

export function CaseBar({ of, me, onDone, onLeft, acts }: Props) {
  const w = useWords();
  const stale = useStale();
  const { send, problem } = useSend();
  const [form, setForm] = useState<"none" | "release" | "close">("none");
  const opener = useRef<HTMLElement | null>(null);
  const mine = of.state === "active" && of.responder === me.id;
  const open = of.state !== "closed";

  function toggle(which: "release" | "close", button: HTMLElement) {
    opener.current = button;
    setForm(form === which ? "none" : which);
  }

  function cancel() {
    opener.current?.focus();
    setForm("none");
  }

  async function assist() {
    if (!open || watches(me)) return;
    const done = await send<Done>(`/api/cases/${of.id}/assist`);
    if (done) onDone(done);
  }
  useKey("F9", () => void assist());

  return (
    <>
      <div className="case-bar">
        <h1>
          {w.case.title(of.number)} {of.drill && <span className="tag tag-drill">{w.drill}</span>}
        </h1>
        <span className="case-risk">
          <RiskWord risk={of.risk} />
        </span>
        <Facts of={of} mine={mine} />
        <span className="case-acts">
          {acts}
          {mine && (
            <>
              <LiveButton stale={stale} className="button button-quiet" onClick={(event) => toggle("release", event.currentTarget)} aria-expanded={form === "release"}>
                {w.case.release}
              </LiveButton>
              <LiveButton stale={stale} className="button button-quiet" onClick={(event) => toggle("close", event.currentTarget)} aria-expanded={form === "close"}>
                {w.case.closeCase}
              </LiveButton>
            </>
          )}
        </span>
        {open && !watches(me) && <AssistButton of={of} onAssist={() => void assist()} />}
      </div>
      <Refused problem={problem} />
      {form === "release" && mine && <Release of={of} stale={stale} onDone={onLeft} onCancel={cancel} />}
      {form === "close" && mine && <CloseCase of={of} stale={stale} onDone={onLeft} onCancel={cancel} />}
    </>
  );
}

function AssistButton({ of, onAssist }: { of: Case; onAssist: () => void }) {
  const w = useWords();
  const now = useNow();
  return (
    <button type="button" className="button button-help" onClick={onAssist}>
      {of.assist_asked_at ? w.case.supervisorAsked(since(of.assist_asked_at, now)) : w.case.getSupervisor} <kbd>F9</kbd>
    </button>
  );
}

function Facts({ of, mine }: { of: Case; mine: boolean }) {
  const w = useWords();
  const now = useNow();
  const stale = useStale();
  const voice = of.channel === "voice";
  const { label, from } = counted(of, w);
  return (
    <dl className={stale ? "facts stale" : "facts"}>
      <div className="optional">
        <dt>{w.case.channel}</dt>
        <dd>
          {w.channel[of.channel]}, {languageName(of.language)}
        </dd>
      </div>
      {of.state === "closed" ? (
        <div>
          <dt>{w.case.outcome}</dt>
          <dd>{outcomeWords(of.outcome, w)}</dd>
        </div>
      ) : (
        <div>
          <dt>{label}</dt>
          <dd className="num time">{since(from, now)}</dd>
        </div>
      )}
      {!voice && of.state !== "closed" && (
        <div>
          <dt>
            <span className="wide-only">{w.case.lastFromThem}</span>
            <span className="narrow">{w.case.lastShort}</span>
          </dt>
          <dd className="num time">{of.last_from_person_at ? since(of.last_from_person_at, now) : w.case.nothingYet}</dd>
        </div>
      )}
      {!mine && of.state !== "closed" && (
        <div>
          <dt>{w.case.withWhom}</dt>
          <dd>{of.responder_name ?? w.case.nobodyYet}</dd>
        </div>
      )}
    </dl>
  );
}

/** What is counted, and since when: nobody talks before one of ours is in the room. */
function counted(of: Case, w: ReturnType<typeof useWords>): { label: string; from: string } {
  if (of.state === "waiting") return { label: w.case.waits, from: of.waiting_since ?? of.opened_at };
  if (of.channel !== "voice" || of.call_over) return { label: w.case.open, from: of.opened_at };
  if (of.in_room.length === 0) return { label: w.case.onTheLine, from: of.opened_at };
  return { label: w.case.talking, from: of.claimed_at ?? of.opened_at };
}

function outcomeWords(outcome: string | null, w: ReturnType<typeof useWords>): string {
  if (outcome === null) return "";
  const known: Record<string, string> = w.case.outcomes;
  return known[outcome] ?? outcome;
}
