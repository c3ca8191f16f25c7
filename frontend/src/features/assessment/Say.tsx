// The words to say, large enough to read while talking, in the case's language or another; help for them is folded away.
import { useState } from "react";
import type { OutlineSection, Question } from "../../api/types";
import { useKey } from "../../ui/keys";
import { languageName, useWords } from "../../ui/words";

interface Props {
  question: Question;
  lead: string[];
  section: OutlineSection | undefined;
  onPutInReply: ((words: string) => void) | null;
  /** Lay this part of the script aside; null where it cannot be. */
  onSkip: (() => void) | null;
}

type Fold = "why" | "help" | null;

export function Say({ question, lead, section, onPutInReply, onSkip }: Props) {
  const w = useWords();
  const [language, setLanguage] = useState(question.language);
  const [open, setOpen] = useState<Fold>(null);
  const words = language === question.language ? question.say : (question.other_languages[language] ?? question.say);
  const languages = [question.language, ...Object.keys(question.other_languages)].filter((one) => one !== language);
  const put = () => {
    if (words && question.worded) onPutInReply?.(words);
  };
  useKey("Ctrl+I", put);
  useKey("F7", () => onSkip?.());

  return (
    <div>
      <p className="meta manner">{useManner(question, language)}</p>
      <blockquote className="say" lang={language}>
        {language === question.language &&
          lead.map((line) => (
            <p className="say-lead" key={line}>
              “{line}”
            </p>
          ))}
        <p>{question.worded ? `“${words}”` : words}</p>
      </blockquote>
      <div className="row ask-tools">
        {onPutInReply && question.worded && (
          <button type="button" className="button" onClick={put}>
            {w.ask.putInReply} <kbd>Ctrl I</kbd>
          </button>
        )}
        {languages.map((one) => (
          <button key={one} type="button" className="button button-quiet" lang={one} onClick={() => setLanguage(one)}>
            {languageName(one)}
          </button>
        ))}
        <Folded fold="why" open={open} onOpen={setOpen} words={w.ask.why} />
        {section && hasHelp(section) && <Folded fold="help" open={open} onOpen={setOpen} words={w.ask.help} />}
      </div>
      {open === "why" && <Why question={question} />}
      {open === "help" && section && <Help section={section} onSkip={onSkip} />}
    </div>
  );
}

/** How to say it, and, where it is so, that nobody has shown that it measures anything. */
function useManner(question: Question, language: string): string {
  const w = useWords();
  if (!question.worded) return w.ask.sayNoWords;
  if (question.wording === "missing") return w.ask.sayMissing(languageName(language));
  const manner = question.wording === "published" ? w.ask.sayAsWritten : w.ask.sayOwn;
  return question.validated ? manner : `${manner}. ${w.ask.notValidated}`;
}

function hasHelp(section: OutlineSection): boolean {
  return [section.about, section.listen, section.help, section.calm, section.may_skip].some(Boolean);
}

function Folded({ fold, open, onOpen, words }: { fold: Fold; open: Fold; onOpen: (fold: Fold) => void; words: string }) {
  const isOpen = open === fold;
  return (
    <button type="button" className="button button-quiet" aria-expanded={isOpen} onClick={() => onOpen(isOpen ? null : fold)}>
      {words}
    </button>
  );
}

function Why({ question }: { question: Question }) {
  const w = useWords();
  return (
    <div className="aside-line why-line">
      <p>{question.why ?? w.ask.noWhy}</p>
      <p className="meta">
        {question.instrument_title}. {question.notice}
      </p>
    </div>
  );
}

function Help({ section, onSkip }: { section: OutlineSection; onSkip: (() => void) | null }) {
  const w = useWords();
  const lines: [string, string | null][] = [
    [w.ask.listenFor, section.listen],
    [w.ask.goOn, section.help],
    [w.ask.calm, section.calm],
    [w.ask.maySkip, section.may_skip],
  ];
  return (
    <div className="aside-line why-line">
      {section.about && <p>{section.about}</p>}
      {lines.map(([name, said]) =>
        said ? (
          <p key={name}>
            <b>{name}</b> {said}
          </p>
        ) : null,
      )}
      {onSkip && (
        <button type="button" className="button button-quiet" onClick={onSkip}>
          {w.ask.skip} <kbd>F7</kbd>
        </button>
      )}
    </div>
  );
}
