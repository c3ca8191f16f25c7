// The words to say, large enough to read while talking, in the case's language or another.
import { useState } from "react";
import type { Question } from "../../api/types";
import { useKey } from "../../ui/keys";
import { languageName, useWords } from "../../ui/words";

interface Props {
  question: Question;
  lead: string[];
  help: string | null;
  onPutInReply: ((words: string) => void) | null;
}

export function Say({ question, lead, help, onPutInReply }: Props) {
  const w = useWords();
  const [language, setLanguage] = useState(question.language);
  const [why, setWhy] = useState(false);
  const words = language === question.language ? question.say : (question.other_languages[language] ?? question.say);
  const languages = [question.language, ...Object.keys(question.other_languages)].filter((one) => one !== language);
  const put = () => {
    if (words) onPutInReply?.(words);
  };
  useKey("Ctrl+I", put);

  const manner =
    question.wording === "published"
      ? w.ask.sayAsWritten
      : question.wording === "missing"
        ? w.ask.sayMissing(languageName(language))
        : w.ask.sayOwn;
  return (
    <div>
      <p className="meta manner">{manner}</p>
      <blockquote className="say" lang={language}>
        {language === question.language &&
          lead.map((line) => (
            <p className="say-lead" key={line}>
              “{line}”
            </p>
          ))}
        <p>{words ? `“${words}”` : question.concept}</p>
      </blockquote>
      <div className="row ask-tools">
        {onPutInReply && words && (
          <button type="button" className="button" onClick={put}>
            {w.ask.putInReply} <kbd>Ctrl I</kbd>
          </button>
        )}
        {languages.map((one) => (
          <button key={one} type="button" className="button button-quiet" lang={one} onClick={() => setLanguage(one)}>
            {languageName(one)}
          </button>
        ))}
        {(question.why ?? help) && (
          <button type="button" className="button button-quiet" aria-expanded={why} onClick={() => setWhy(!why)}>
            {w.ask.why}
          </button>
        )}
      </div>
      {why && <p className="aside-line why-line">{[question.why, help].filter(Boolean).join(" ")}</p>}
    </div>
  );
}
