// The answers of one question: a radio group. Digits choose only while the focus is in here; Enter goes on.
import type { KeyboardEvent, RefObject } from "react";
import type { Option, Question, Risk } from "../../api/types";
import { Mark } from "../../ui/Mark";
import { useWords } from "../../ui/words";
import { chosenBy, inOrder } from "./questions";

interface Props {
  question: Question;
  risk: Risk;
  chosen: string | null;
  onChoose: (answer: string) => void;
  group: RefObject<HTMLFieldSetElement | null>;
}

export function Answers({ question, risk, chosen, onChoose, group }: Props) {
  const w = useWords();
  const options = inOrder(question.options);
  const typed = question.type === "number" || question.type === "text";

  function press(event: KeyboardEvent<HTMLFieldSetElement>) {
    if (event.target instanceof HTMLInputElement && event.target.type !== "radio") return;
    const index = chosenBy(event, options.length);
    const option = index === null ? undefined : options[index];
    if (!option || index === null) return;
    event.preventDefault();
    onChoose(option.answer);
    group.current?.querySelectorAll<HTMLInputElement>('input[type="radio"]')[index]?.focus();
  }

  return (
    <fieldset className="answers" ref={group} onKeyDown={press}>
      <legend>{w.ask.theySaid}</legend>
      {typed && (
        <p className="field">
          <label htmlFor="answer-typed">{question.type === "number" ? w.ask.number : w.ask.inWords}</label>
          <input
            id="answer-typed"
            className={question.type === "number" ? "input num short" : "input"}
            inputMode={question.type === "number" ? "decimal" : "text"}
            autoComplete="off"
            value={chosen !== null && !options.some((one) => one.answer === chosen) ? chosen : ""}
            onChange={(event) => onChoose(event.target.value)}
          />
        </p>
      )}
      <ul>
        {options.map((option, index) => (
          <li key={option.answer} className={option.quiet ? "answer answer-quiet" : "answer"}>
            <label>
              <input
                type="radio"
                name="answer"
                value={option.answer}
                checked={chosen === option.answer}
                onChange={() => onChoose(option.answer)}
              />
              <span className="cap" aria-hidden="true">
                {index < 9 ? index + 1 : ""}
              </span>
              <span>{option.label}</span>
              <Then option={option} risk={risk} />
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

export function focusOn(group: HTMLFieldSetElement | null) {
  const input =
    group?.querySelector<HTMLInputElement>("input:checked") ?? group?.querySelector<HTMLInputElement>("input");
  input?.focus();
}

/** What this answer would do, said before it is given. */
function Then({ option, risk }: { option: Option; risk: Risk }) {
  const w = useWords();
  const { outlook } = option;
  const parts: string[] = [];
  if (outlook.risk !== null && outlook.risk !== risk) parts.push(w.risk[outlook.risk]);
  if (outlook.pages.length > 0) parts.push(w.ask.pages(outlook.pages.join(", ")));
  if (outlook.asks !== null) parts.push(w.ask.asksNext(outlook.asks));
  if (parts.length === 0 && option.hint) parts.push(option.hint);
  if (parts.length === 0 && option.quiet) parts.push(w.ask.neverNo);
  if (parts.length === 0) return null;
  return (
    <span className="then">
      {outlook.risk !== null && outlook.risk !== risk && <Mark shape={outlook.risk} />} {parts.join(", ")}
    </span>
  );
}
