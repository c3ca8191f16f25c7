// The four panes. Whoever answers asks and writes; whoever watches reads the same frame.
import { useEffect, useRef, useState } from "react";
import type { Case, CaseDetail, Done, Duty, Person, Question, Risk, Script } from "../api/types";
import { useSend } from "../api/useSend";
import { Ask } from "../features/assessment/Ask";
import { Outline } from "../features/assessment/Outline";
import { keyOf } from "../features/assessment/questions";
import { RiskPane, SoFar } from "../features/assessment/RiskPane";
import { useScript } from "../features/assessment/useScript";
import { CallControls } from "../features/case/CallControls";
import { draft, setDraft } from "../live/drafts";
import { Notes } from "../features/case/Notes";
import { PersonPane } from "../features/case/PersonPane";
import { Reply } from "../features/case/Reply";
import { Talk } from "../features/case/Talk";
import { Owed } from "../features/duties/Owed";
import { OwedLine } from "../features/duties/OwedLine";
import { PageState } from "../features/escalation/PageState";
import { urgent, watches, worksOn } from "../live/cases";
import { useLive } from "../live/context";
import { useQuestionFocus } from "./useQuestionFocus";
import { useRisk } from "./useRisk";
import { announce, announceNow } from "../ui/announce";
import { useMedia } from "../ui/OpensWide";
import { Refused } from "../ui/Refused";
import { useWords } from "../ui/words";
import { Jump } from "./Jump";
import { Judged } from "./Judged";
import { Claim } from "./NotYours";

interface Props {
  detail: CaseDetail;
  of: Case;
  me: Person;
  onDone: (done: Done) => void;
  onRecord: (duty: Duty) => void;
}

export function Console({ detail, of, me, onDone, onRecord }: Props) {
  const w = useWords();
  const { picture } = useLive();
  const asking = useScript(of.id, of.sequence);
  const answer = useSend();
  const sayRisk = useRisk(of, onDone);
  const skip = useSend();
  const [recorded, setRecorded] = useState<string | null>(null);
  const [skipped, setSkipped] = useState<string | null>(null);
  // Where the question stands beside the talk it has the focus from the start; where it stands below, nothing may scroll away.
  const beside = useMedia("(min-width: 70rem)");
  const mine = worksOn(me, of);
  const open = of.state !== "closed";
  const voice = of.channel === "voice";
  // No question before one's own telephone has rung: nobody hears it.
  const mustJoin = voice && of.responder === me.id && mine && !of.call_over && !of.in_room.includes(me.id);
  const focus = useQuestionFocus(beside && !mustJoin);
  const now = urgent(of);
  useAfterJoining(mustJoin, beside);
  const { script } = asking;

  async function record(question: Question, given: string, words: string) {
    const path = `/api/cases/${of.id}/answers`;
    // Before it is sent: the next question may be here before the word that this one was written down.
    focus.wish();
    const done = await answer.send<Done>(path, { instrument: question.instrument, item: question.item, answer: given, words });
    if (done === null) return focus.forget();
    const label = question.options.find((one) => one.answer === given)?.label ?? given;
    setRecorded(w.ask.recorded(question.concept, label));
    setSkipped(null);
    onDone(done);
    announceRisk(of.risk, done.case);
    await asking.jump(null);
  }

  /** Lay a part of the script aside, or take it up again. */
  async function setAside(section: string, aside: boolean) {
    focus.wish();
    const done = await skip.send<Done>(`/api/cases/${of.id}/sections/${section}`, { skip: aside });
    if (done === null) return focus.forget();
    const title = script?.outline.find((part) => part.id === section)?.title ?? section;
    setRecorded(aside ? w.ask.skippedNow(title) : w.ask.takenUp(title));
    setSkipped(aside ? section : null);
    onDone(done);
    await asking.jump(null);
  }

  function announceRisk(was: Risk, now: Case) {
    if (now.risk === was) return;
    const sentence = w.ask.becameRisk(w.risk[now.risk], now.number);
    if (now.risk === "imminent") announceNow(sentence);
    else announce(sentence);
  }

  function jump(item: string | null) {
    answer.clear();
    skip.clear();
    setRecorded(null);
    setSkipped(null);
    focus.wish();
    // What stands there already does not appear anew.
    if (item !== null && script?.next && keyOf(script.next) === item) {
      focus.forget();
      focusOnAnswers();
    }
    void asking.jump(item);
  }

  function askNow(instrument: string) {
    const item = mine ? firstOpen(script, instrument) : undefined;
    return item === undefined ? null : () => jump(item);
  }

  function putInReply(words: string) {
    const had = draft("reply", of.id).trimEnd();
    setDraft("reply", of.id, had ? `${had} ${words}` : words);
    document.getElementById("reply")?.focus();
  }

  return (
    <>
      {voice && open && (
        <CallControls
          of={of}
          me={me}
          staff={picture?.service.at_work ?? []}
          masked={detail.contacts.at(-1)?.address_masked ?? ""}
          first={mustJoin}
          onDone={onDone}
        />
      )}
      <div className={voice ? "console console-call" : "console"}>
        <section className="pane pane-outline" aria-label={w.ask.outline}>
          {script && <Outline script={script} question={script.next} onJump={mine ? jump : null} onTakeUp={mine ? (section) => void setAside(section, false) : null} />}
          <PersonPane detail={detail} />
        </section>
        {!voice && (
          <section className="pane pane-work pane-talk" aria-labelledby="h-talk" id="talk">
            <Talk detail={detail} me={me} />
            {mine && <Reply of={of} onDone={onDone} />}
          </section>
        )}
        <section className={voice ? "pane pane-work pane-ask wide" : "pane pane-work pane-ask"} aria-labelledby="h-ask" id="ask" tabIndex={-1}>
          {mine && script ? (
            <Ask
              script={script}
              channel={of.channel}
              risk={of.risk}
              stand={focus.stand}
              busy={answer.busy}
              problem={answer.problem ?? skip.problem}
              recorded={recorded}
              onAnswer={(question, given, words) => void record(question, given, words)}
              onJump={jump}
              onPutInReply={voice ? null : putInReply}
              onSkip={(section) => void setAside(section, true)}
              onTakeUp={skipped === null ? null : () => void setAside(skipped, false)}
              onImminent={() => sayRisk("imminent", w.ask.imminentReason)}
            />
          ) : (
            <ReadAlong of={of} me={me} asking={script?.next ?? null} onDone={onDone} />
          )}
          {script === null && <Refused problem={asking.problem} />}
        </section>
        <aside className="pane pane-care" aria-labelledby="h-risk" id="care">
          <div className={now ? "care-scroll care-urgent" : "care-scroll"}>
            <RiskPane of={of} script={script} onJump={mine ? jump : null} onRisk={mine || (open && watches(me)) ? sayRisk : null} short={now} />
            {/* On a call the pane has room for what is owed itself. */}
            {(!now || !voice) && <OwedLine of={of} />}
            <PageState of={of} me={me} mayStandDown={open && watches(me)} mayMoveOn={mine || (open && watches(me))} mayPage={mine || (open && watches(me))} />
            <Owed detail={detail} of={of} me={me} staff={picture?.service.at_work ?? []} askNow={askNow} onRecord={onRecord} onDone={onDone} />
            {now && script && (
              <div className="group ruled">
                <SoFar script={script} onJump={mine ? jump : null} />
              </div>
            )}
            <Judged of={of} inForce={picture?.service.rules_version} />
          </div>
          <Notes key={of.id} detail={detail} fold={beside && now} onDone={onDone} />
        </aside>
      </div>
      <Jump talk={!voice} />
    </>
  );
}

function ReadAlong({ of, me, asking, onDone }: { of: Case; me: Person; asking: Question | null; onDone: (done: Done) => void }) {
  const w = useWords();
  const sentence =
    of.state === "closed"
      ? w.case.closedSentence
      : of.state === "waiting"
        ? w.case.readWaiting
        : of.responder === me.id
          ? w.loading
          : w.case.readAlong(of.responder_name ?? "");
  return (
    <div className="ask">
      <h2 id="h-ask">{asking && of.state === "active" ? asking.concept : sentence}</h2>
      {asking && of.state === "active" && (
        <>
          <blockquote className="say" lang={asking.language}>
            <p>“{asking.say}”</p>
          </blockquote>
          <p className="second">{sentence}</p>
        </>
      )}
      <Claim of={of} me={me} onDone={onDone} />
    </div>
  );
}

/** The first question of an instrument that has no answer yet, if the script has any. */
function firstOpen(script: Script | null, instrument: string): string | undefined {
  const items = script?.outline.flatMap((section) => section.items) ?? [];
  const item = items.find((one) => one.instrument === instrument && one.answer === null && one.state !== "skipped");
  return item && keyOf(item);
}

/** When the button that rang is gone, the focus goes on to the question, unless somebody has taken it elsewhere. */
function useAfterJoining(mustJoin: boolean, beside: boolean): void {
  const had = useRef(mustJoin);
  useEffect(() => {
    const free = document.activeElement === null || document.activeElement === document.body;
    if (had.current && !mustJoin && beside && free) focusOnAnswers();
    had.current = mustJoin;
  }, [mustJoin, beside]);
}

function focusOnAnswers(): void {
  document.querySelector<HTMLElement>(".answers input:checked, .answers input")?.focus();
}
