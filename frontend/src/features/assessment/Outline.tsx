// The script and, in the same list, the answers so far. Any line can be asked about at any time.
import type { OutlineItem, OutlineSection, Question, Script } from "../../api/types";
import { Mark } from "../../ui/Mark";
import { OpensWide } from "../../ui/OpensWide";
import { useWords } from "../../ui/words";
import { itemsOf, keyOf, sectionOf } from "./questions";

interface Props {
  script: Script;
  question: Question | null;
  onJump: ((item: string) => void) | null;
  /** Take up again a part that was laid aside. */
  onTakeUp: ((section: string) => void) | null;
}

export function Outline({ script, question, onJump, onTakeUp }: Props) {
  const w = useWords();
  const items = itemsOf(script);
  const done = items.filter((item) => item.answer !== null).length;
  const progress = w.ask.progress(done, items.length);
  const called = script.outline.filter((section) => section.opened || section.items.length > 0);
  const closed = script.outline.filter((section) => !called.includes(section));
  const here = question === null ? undefined : sectionOf(script, question);
  const summary = (
    <>
      <span>
        {here?.title ?? script.title} <span className="meta">{progress}</span>
      </span>
      <span className="meta">{w.ask.toAskCount(items.length - done)}</span>
    </>
  );
  return (
    <OpensWide className="outline" summary={summary}>
      <div className="head">
        <h2 id="h-outline">{w.ask.outline}</h2>
        <span className="meta">{progress}</span>
      </div>
      <ol>
        {called.map((section) => (
          <Stage key={section.id} section={section} question={question} onJump={onJump} onTakeUp={onTakeUp} />
        ))}
      </ol>
      {closed.length > 0 && <Closed sections={closed} onJump={onJump} />}
      <p className="meta sign-off">
        {w.signOff(script.sign_off)} {!script.validated && w.ask.scriptNotValidated}
      </p>
    </OpensWide>
  );
}

function Stage({ section, question, onJump, onTakeUp }: { section: OutlineSection } & Omit<Props, "script">) {
  const w = useWords();
  const counted = section.items.filter((item) => item.state !== "skipped");
  const answered = counted.filter((item) => item.answer !== null).length;
  const isHere = question !== null && section.items.some((item) => keyOf(item) === keyOf(question));
  const isLater = answered === 0 && !isHere;
  if (counted.length === 0) return <Words section={section} />;
  const state = isLater
    ? w.ask.steps(counted.length)
    : answered === counted.length
      ? w.ask.done
      : w.ask.progress(answered, counted.length);
  return (
    <li>
      <div className={isLater ? "stage stage-later" : "stage"}>
        <span>{section.title}</span>
        {section.skipped ? <Skipped section={section} onTakeUp={onTakeUp} /> : <span className="meta">{state}</span>}
      </div>
      <ol>
        {counted.map((item) => (
          <li key={keyOf(item)}>
            <Line item={item} isNow={question !== null && keyOf(item) === keyOf(question)} onJump={onJump} />
          </li>
        ))}
      </ol>
    </li>
  );
}

/** A part that somebody laid aside: it says so, and can be taken up again. */
function Skipped({ section, onTakeUp }: Pick<Props, "onTakeUp"> & { section: OutlineSection }) {
  const w = useWords();
  return (
    <span className="meta">
      {w.ask.skipped}{" "}
      {onTakeUp && (
        <button type="button" className="inline-link" aria-label={w.ask.takeUpPart(section.title)} onClick={() => onTakeUp(section.id)}>
          {w.ask.takeUpShort}
        </button>
      )}
    </span>
  );
}

/** A part without questions (or none that the answers so far call for): its words, one click away. */
function Words({ section }: { section: OutlineSection }) {
  const w = useWords();
  if (section.say.length === 0) {
    return (
      <li>
        <div className="stage stage-later">
          <span>{section.title}</span>
          <span className="meta">{w.ask.notNeeded}</span>
        </div>
      </li>
    );
  }
  return (
    <li>
      <details className="stage-words">
        <summary className="stage stage-later">
          <span>{section.title}</span>
          <span className="meta">{w.ask.wordsToSay}</span>
        </summary>
        <div className="stage-say">
          {section.say.map((line) => (
            <p key={line}>“{line}”</p>
          ))}
          {section.listen && (
            <p className="meta">
              {w.ask.listenFor} {section.listen}
            </p>
          )}
          {section.help && <p className="meta">{section.help}</p>}
        </div>
      </details>
    </li>
  );
}

/** Parts that nothing calls for so far: out of the way, and every question in them one click away. */
function Closed({ sections, onJump }: { sections: OutlineSection[]; onJump: Props["onJump"] }) {
  const w = useWords();
  return (
    <details className="stage-words">
      <summary className="stage stage-later">{w.ask.closedParts(sections.length)}</summary>
      <ol>
        {sections.map((section) => (
          <li key={section.id}>
            <div className="stage stage-later">
              <span>{section.title}</span>
            </div>
            <ol>
              {section.others.map((item) => (
                <li key={keyOf(item)}>
                  <Line item={item} isNow={false} onJump={onJump} />
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Line({ item, isNow, onJump }: { item: OutlineItem; isNow: boolean; onJump: Props["onJump"] }) {
  const w = useWords();
  const answer = item.answer_label ?? item.answer;
  const raised = item.risk === "imminent" || item.risk === "high" || item.risk === "moderate";
  const content = (
    <>
      <span>{item.concept}</span>
      {isNow ? (
        <span>{w.ask.asking}</span>
      ) : answer === null ? (
        <span className="dash">{w.ask.toAsk}</span>
      ) : (
        <b>
          {raised && item.risk && <Mark shape={item.risk} />}
          {answer}
        </b>
      )}
    </>
  );
  const className = `item${isNow ? " item-now" : answer === null || item.answer === "unknown" ? " item-open" : ""}`;
  if (onJump === null) return <div className={className}>{content}</div>;
  return (
    <button type="button" className={className} onClick={() => onJump(keyOf(item))} {...(isNow ? { "aria-current": "step" } : {})}>
      {content}
    </button>
  );
}
