// One field of a record: saved when it is left or chosen. What was typed is kept until the server has it.
import { useId, useRef, useState } from "react";
import type { Blank, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useDraft } from "../../live/drafts";
import { Refused } from "../../ui/Refused";
import { hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";

interface Props {
  blank: Blank;
  record: string;
  caseId: string;
  fill: boolean;
  reload: () => Promise<void>;
  onDone: (done: Done) => void;
}

export function Field({ blank, record, caseId, fill, reload, onDone }: Props) {
  const w = useWords();
  const id = useId();
  const [draft, setDraft] = useDraft(`record ${record}.${blank.id}`, caseId);
  // A field that was emptied has no draft, and is still not what the server has.
  const [emptied, setEmptied] = useState(false);
  const { send, problem, busy } = useSend();
  const typed = useRef("");
  const onItsWay = useRef(false);
  const text = draft || (emptied ? "" : blank.words);
  const unsaved = text !== blank.words;

  function change(words: string) {
    typed.current = words;
    setEmptied(words === "");
    setDraft(words);
  }

  async function save(words: string) {
    typed.current = words;
    if (onItsWay.current) return;
    onItsWay.current = true;
    const saved = await sendLatest().finally(() => (onItsWay.current = false));
    // Only what was saved is let go; what was typed since stays, and says that it is not saved.
    if (typed.current !== saved) return;
    setEmptied(false);
    setDraft("");
  }

  /** Sends what stands there until the server has the latest of it; returns what the server has. */
  async function sendLatest(): Promise<string> {
    let had = blank.words;
    while (typed.current !== had) {
      const words = typed.current;
      const done = await send<Done>(`/api/cases/${caseId}/records/${record}`, { field: blank.id, words });
      if (done === null) return had;
      had = words;
      onDone(done);
      await reload();
    }
    return had;
  }

  const state = busy ? w.records.saving : problem ? w.records.notSaved : unsaved ? w.records.notYet : blank.at ? w.records.savedAt(hourMinute(blank.at)) : "";
  const choose = (words: string) => {
    change(words);
    void save(words);
  };
  return (
    <div className="field record-field">
      <Label blank={blank} id={id} state={state} />
      {blank.help && (
        <span className="hint" id={`${id}-help`}>
          {blank.help}
        </span>
      )}
      {blank.choices.length > 0 ? (
        <Choices blank={blank} id={id} text={text} fill={fill} onChoose={choose} />
      ) : fill ? (
        <textarea
          id={id}
          rows={text.length > 60 || text.includes("\n") ? 3 : 1}
          value={text}
          maxLength={4000}
          aria-required={blank.needed}
          {...(blank.help ? { "aria-describedby": `${id}-help` } : {})}
          onChange={(event) => change(event.target.value)}
          onBlur={() => void save(text)}
        />
      ) : (
        <p id={id}>{blank.words || "–"}</p>
      )}
      <Refused problem={problem} />
      {problem && (
        <div className="row">
          <button type="button" className="button" onClick={() => void save(text)}>
            {w.records.again}
          </button>
        </div>
      )}
    </div>
  );
}

function Label({ blank, id, state }: { blank: Blank; id: string; state: string }) {
  const w = useWords();
  const words = (
    <>
      {blank.label} {blank.needed && <span className="meta">({w.records.needed})</span>}
    </>
  );
  return (
    <div className="head">
      {blank.choices.length > 0 ? (
        <span className="strong" id={`${id}-label`}>
          {words}
        </span>
      ) : (
        <label htmlFor={id}>{words}</label>
      )}
      <span className="saved" role="status">
        {state}
      </span>
    </div>
  );
}

function Choices({ blank, id, text, fill, onChoose }: { blank: Blank; id: string; text: string; fill: boolean; onChoose: (words: string) => void }) {
  const w = useWords();
  return (
    <div role="radiogroup" className="record-choices" aria-labelledby={`${id}-label`} aria-required={blank.needed}>
      {["", ...blank.choices].map((choice) => (
        <label key={choice}>
          <input type="radio" name={id} value={choice} checked={text === choice} disabled={!fill} onChange={() => onChoose(choice)} />{" "}
          {choice === "" ? w.records.nothingChosen : capital(choice.replaceAll("_", " "))}
        </label>
      ))}
    </div>
  );
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
