// One question at a time: words to say, the answers, and what each would do. A guide, never a cage.
import { type SubmitEvent, type KeyboardEvent, useState } from "react";
import type { Problem } from "../../api/client";
import type { Channel, Question, Risk, Script } from "../../api/types";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { Answers } from "./Answers";
import { ImminentNow } from "./ImminentNow";
import { Say } from "./Say";
import { before, itemsOf, keyOf, leadOf, placeOf, sectionOf } from "./questions";

interface Props {
  script: Script;
  channel: Channel;
  risk: Risk;
  takeFocus: boolean;
  busy: boolean;
  problem: Problem | null;
  /** The answer that was recorded last, as the server has it. */
  recorded: string | null;
  onAnswer: (question: Question, answer: string) => void;
  onJump: (item: string | null) => void;
  onPutInReply: ((words: string) => void) | null;
  onImminent: () => Promise<Problem | null>;
}

export function Ask(props: Props) {
  const { script } = props;
  const w = useWords();
  const question = script.next;
  const last = before(script, question);
  if (question === null) {
    return (
      <div className="ask">
        <h2 id="h-ask">{w.ask.allAsked}</h2>
        <p className="second">{w.ask.allAskedMore}</p>
        {props.recorded && <p className="meta">{props.recorded}</p>}
        <div className="row">
          {last && (
            <button type="button" className="button" onClick={() => props.onJump(keyOf(last))}>
              {w.ask.back}
            </button>
          )}
        </div>
        <ImminentNow channel={props.channel} risk={props.risk} onImminent={props.onImminent} />
      </div>
    );
  }
  return <OneQuestion key={keyOf(question)} {...props} question={question} />;
}

function OneQuestion(props: Props & { question: Question }) {
  const { script, question, busy } = props;
  const w = useWords();
  const [chosen, setChosen] = useState<string | null>(question.answer);
  const [choosing, setChoosing] = useState(false);
  const [unchosen, setUnchosen] = useState(false);
  const { place, of } = placeOf(script, question);
  const section = sectionOf(script, question);
  const last = before(script, question);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (busy) return;
    if (chosen === null || chosen === "") setUnchosen(true);
    else props.onAnswer(question, chosen);
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
    <form className="ask" onSubmit={submit} onKeyDown={once} aria-busy={busy}>
      <div className="ask-where">
        <h2 id="h-ask">
          {section ? `${section.title}: ` : ""}
          {section ? lowerFirst(question.concept) : question.concept}
        </h2>
        <span className="num nowrap">{w.ask.question(place, of)}</span>
      </div>
      <Say question={question} lead={leadOf(section, question)} help={section?.help ?? null} onPutInReply={props.onPutInReply} />
      <Answers question={question} risk={props.risk} chosen={chosen} onChoose={choose} takeFocus={props.takeFocus} />
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
      {props.recorded && (
        <p className="meta recorded" role="status">
          {props.recorded}
        </p>
      )}
      <ImminentNow channel={props.channel} risk={props.risk} onImminent={props.onImminent} />
    </form>
  );
}

function Choose({ script, question, onJump }: { script: Script; question: Question; onJump: Props["onJump"] }) {
  const w = useWords();
  const items = itemsOf(script).filter((item) => keyOf(item) !== keyOf(question));
  return (
    <div className="field">
      <p className="strong" id="ask-about">
        {w.ask.chooseQuestion}
      </p>
      <ul className="choose" aria-labelledby="ask-about">
        {items.map((item, index) => (
          <li key={keyOf(item)}>
            <button
              type="button"
              className="button button-quiet"
              autoFocus={index === 0}
              onClick={() => onJump(keyOf(item))}
            >
              {item.concept}
            </button>{" "}
            <span className="meta">{item.answer_label ?? item.answer ?? w.ask.toAsk}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
