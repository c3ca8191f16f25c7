// One question at a time: words to say, the answers, and what each would do. A guide, never a cage.
import { type SubmitEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { Problem } from "../../api/client";
import type { Channel, OutlineItem, Question, Risk, Script } from "../../api/types";
import { useKey } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { Answers, focusOn } from "./Answers";
import { ImminentNow } from "./ImminentNow";
import { Say } from "./Say";
import { before, itemsOf, keyOf, leadOf, othersOf, placeOf, sectionOf } from "./questions";

/** Where the focus belongs when a question appears: in its answers, on its title, or where it is. */
export type Stand = () => "answers" | "title" | "elsewhere";

interface Props {
  script: Script;
  channel: Channel;
  risk: Risk;
  stand: Stand;
  busy: boolean;
  problem: Problem | null;
  /** The answer that was recorded last, as the server has it. */
  recorded: string | null;
  onAnswer: (question: Question, answer: string, words: string) => void;
  onJump: (item: string | null) => void;
  onPutInReply: ((words: string) => void) | null;
  /** Lay a part of the script aside, by its id. */
  onSkip: (section: string) => void;
  /** Take up again what was laid aside last, if anything was. */
  onTakeUp: (() => void) | null;
  onImminent: () => Promise<Problem | null>;
}

export function Ask(props: Props) {
  const { script } = props;
  const question = script.next;
  const last = before(script, question);
  useKey("Ctrl+F7", () => props.onTakeUp?.());
  return (
    <div className="ask">
      {question === null ? <NoQuestion {...props} last={last} /> : <OneQuestion key={keyOf(question)} {...props} question={question} />}
      {/* Beside the question and not in it: news may change the question, and must not take these words out of anybody's hands. */}
      <ImminentNow channel={props.channel} risk={props.risk} onImminent={props.onImminent} />
    </div>
  );
}

function NoQuestion(props: Props & { last: OutlineItem | null | undefined }) {
  const { script, last } = props;
  const w = useWords();
  const title = useStand(props.stand, null);
  const waiting = script.waiting ? (props.risk === "imminent" ? w.ask.waitingImminent : w.ask.waitingSkipped) : null;
  return (
    <>
      <h2 id="h-ask" tabIndex={-1} ref={title}>
        {waiting === null ? w.ask.allAsked : w.ask.nothingPushed}
      </h2>
      <p className="second">{waiting ?? w.ask.allAskedMore}</p>
      <Recorded {...props} />
      <div className="row">
        {last && (
          <button type="button" className="button" onClick={() => props.onJump(keyOf(last))}>
            {w.ask.back}
          </button>
        )}
      </div>
    </>
  );
}

/** Puts the focus where it belongs, once, when a question (or that there is none) appears; returns the title's place. */
function useStand(stand: Stand, group: RefObject<HTMLFieldSetElement | null> | null): RefObject<HTMLHeadingElement | null> {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const where = stand();
    if (where === "answers" && group?.current) focusOn(group.current);
    else if (where !== "elsewhere") title.current?.focus({ preventScroll: true });
    // Only when it appears.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return title;
}

function OneQuestion(props: Props & { question: Question }) {
  const { script, question, busy } = props;
  const w = useWords();
  const [chosen, setChosen] = useState<string | null>(question.answer);
  const [choosing, setChoosing] = useState(false);
  const [reason, setReason] = useState("");
  const [unchosen, setUnchosen] = useState(false);
  const group = useRef<HTMLFieldSetElement>(null);
  const title = useStand(props.stand, group);
  const { place, of } = placeOf(script, question);
  const section = sectionOf(script, question);
  const last = before(script, question);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (busy) return;
    if (chosen === null || chosen === "") setUnchosen(true);
    else props.onAnswer(question, chosen, reason);
  }

  function choose(answer: string) {
    setUnchosen(false);
    setChosen(answer);
  }

  // A key that is held down must not run through the questions.
  function once(event: KeyboardEvent) {
    if (event.key === "Enter" && event.repeat) event.preventDefault();
  }

  return (
    <form className="ask-one" onSubmit={submit} onKeyDown={once} aria-busy={busy}>
      <div className="ask-where">
        <h2 id="h-ask" tabIndex={-1} ref={title}>
          {section ? `${section.title}: ` : ""}
          {section ? lowerFirst(question.concept) : question.concept}
        </h2>
        <span className="num nowrap">{w.ask.question(place, of)}</span>
      </div>
      <Say
        question={question}
        lead={leadOf(section, question)}
        section={section}
        onPutInReply={props.onPutInReply}
        onSkip={section?.may_skip && !section.skipped ? () => props.onSkip(section.id) : null}
      />
      <Answers question={question} risk={props.risk} chosen={chosen} onChoose={choose} group={group} />
      {question.needs_words && (
        <p className="field">
          <label htmlFor="answer-reason">{w.ask.ownReason}</label>
          <textarea id="answer-reason" className="input" rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
        </p>
      )}
      {unchosen && (
        <p className="refused" role="alert">
          {w.ask.chooseFirst}
        </p>
      )}
      <Refused problem={props.problem} />
      <div className="row row-apart ask-foot">
        <span className="row">
          {last && (
            <button type="button" className="button" onClick={() => props.onJump(keyOf(last))}>
              {w.ask.back}
            </button>
          )}
          <button
            type="button"
            className="button button-quiet"
            aria-expanded={choosing}
            onClick={() => setChoosing(!choosing)}
          >
            {w.ask.somethingElse}
          </button>
        </span>
        <button type="submit" className="button button-act">
          {busy ? w.ask.saving : w.ask.next} <kbd>Enter</kbd>
        </button>
      </div>
      {choosing && <Choose script={script} question={question} onJump={props.onJump} />}
      <Recorded {...props} />
    </form>
  );
}

/** What was written down last, and the way back from what was laid aside. */
function Recorded({ recorded, onTakeUp }: Pick<Props, "recorded" | "onTakeUp">) {
  const w = useWords();
  if (recorded === null) return null;
  return (
    <p className="meta recorded" role="status">
      {recorded}{" "}
      {onTakeUp && (
        <button type="button" className="inline-link" onClick={onTakeUp}>
          {w.ask.takeUp} <kbd>Ctrl F7</kbd>
        </button>
      )}
    </p>
  );
}

function Choose({ script, question, onJump }: { script: Script; question: Question; onJump: Props["onJump"] }) {
  const w = useWords();
  const listed = itemsOf(script).filter((item) => keyOf(item) !== keyOf(question));
  const others = othersOf(script).filter((item) => keyOf(item) !== keyOf(question));
  return (
    <div className="field">
      <p className="strong" id="ask-about">
        {w.ask.chooseQuestion}
      </p>
      <Choices items={listed} labelledBy="ask-about" takeFocus onJump={onJump} />
      {others.length > 0 && (
        <>
          <p className="strong" id="ask-others">
            {w.ask.notCalledFor}
          </p>
          <Choices items={others} labelledBy="ask-others" takeFocus={false} onJump={onJump} />
        </>
      )}
    </div>
  );
}

interface ChoicesProps {
  items: OutlineItem[];
  labelledBy: string;
  takeFocus: boolean;
  onJump: Props["onJump"];
}

function Choices({ items, labelledBy, takeFocus, onJump }: ChoicesProps) {
  const w = useWords();
  return (
    <ul className="choose" aria-labelledby={labelledBy}>
      {items.map((item, index) => (
        <li key={keyOf(item)}>
          <button
            type="button"
            className="button button-quiet"
            autoFocus={takeFocus && index === 0}
            onClick={() => onJump(keyOf(item))}
          >
            {item.concept}
          </button>{" "}
          <span className="meta">{item.answer_label ?? item.answer ?? w.ask.toAsk}</span>
        </li>
      ))}
    </ul>
  );
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
