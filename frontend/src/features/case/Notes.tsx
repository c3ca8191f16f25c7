// Notes for colleagues. F2 goes there and back; nothing counts as saved before the server said so.
// While something more urgent needs the room they are one line, unless somebody is writing; what was typed stays.
import { type FocusEvent, type SubmitEvent, type KeyboardEvent, useRef, useState } from "react";
import type { CaseDetail, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { matches, useKey } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { clock, hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";
import { useDraft } from "../../live/drafts";

interface Props {
  detail: CaseDetail;
  /** One line only, until it is opened by key or touch. */
  fold: boolean;
  onDone: (done: Done) => void;
}

export function Notes({ detail, fold, onDone }: Props) {
  const w = useWords();
  const [wasFold, setWasFold] = useState(fold);
  const [opened, setOpened] = useState(false);
  const [writing, setWriting] = useState(false);
  const [text, setText] = useDraft("note", detail.id);
  const { send, problem, busy } = useSend();
  const box = useRef<HTMLTextAreaElement>(null);
  const cameFrom = useRef<HTMLElement | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const last = detail.notes.at(-1);
  const open = !fold || opened;
  // Nothing is folded away under somebody's hands.
  if (fold !== wasFold) {
    setWasFold(fold);
    setOpened(fold && writing);
  }

  function back() {
    const from = cameFrom.current;
    if (from?.isConnected && from !== document.body) from.focus();
    else (document.querySelector<HTMLElement>(".answers input:checked, .answers input") ?? opener.current)?.focus();
    setOpened(false);
  }

  useKey("F2", () => {
    if (box.current !== null && document.activeElement === box.current) return back();
    cameFrom.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    // One that opens now takes the focus when it is there.
    if (open) box.current?.focus();
    else setOpened(true);
  });

  function turn() {
    cameFrom.current = null;
    setOpened(!opened);
  }

  function escape(event: KeyboardEvent) {
    if (event.key !== "Escape" || !fold || !opened) return;
    event.stopPropagation();
    opener.current?.focus();
    setOpened(false);
  }

  function leave(event: FocusEvent) {
    // Another window in front is no end of the writing.
    setWriting(event.currentTarget.contains(event.relatedTarget) || event.currentTarget.contains(document.activeElement));
  }

  async function submit(event?: SubmitEvent) {
    event?.preventDefault();
    const words = text.trim();
    if (!words || busy) return;
    const done = await send<Done>(`/api/cases/${detail.id}/notes`, { text: words });
    if (done === null) return;
    const typed = box.current?.value ?? "";
    setText(typed.trim() === words ? "" : typed);
    onDone(done);
  }

  function press(event: KeyboardEvent) {
    if (!matches(event.nativeEvent, "Ctrl+Enter") || event.repeat) return;
    event.preventDefault();
    void submit();
  }

  return (
    <section
      className={open ? "group ruled grows" : "group ruled notes-folded"}
      aria-labelledby="h-notes"
      id="notes"
      onFocus={() => setWriting(true)}
      onBlur={leave}
      onKeyDown={escape}
    >
      <div className="head">
        <h2 id="h-notes">
          {fold ? (
            <button type="button" className="inline-link" ref={opener} aria-expanded={open} onClick={turn}>
              {w.case.notes}
            </button>
          ) : (
            <label htmlFor="note">{w.case.notes}</label>
          )}{" "}
          <kbd>F2</kbd>
        </h2>
        <span className="saved" role="status">
          {text.trim() ? w.case.notSaved : last ? w.case.savedAt(clock(last.at)) : ""}
        </span>
      </div>
      {open && detail.notes.length > 0 && (
        <ol className="notes-so-far" aria-label={w.case.earlierNotes} tabIndex={0}>
          {detail.notes.map((note) => (
            <li key={note.id}>
              {note.text}{" "}
              <span className="meta">
                {note.by_name}, {hourMinute(note.at)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {open && (
        <form className="note-form" onSubmit={(event) => void submit(event)}>
          <textarea
            id="note"
            rows={2}
            ref={box}
            value={text}
            autoFocus={fold}
            aria-label={w.case.notes}
            placeholder={w.case.newNote}
            maxLength={10_000}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={press}
          />
          <Refused problem={problem} />
          <div className="row">
            <button type="submit" className="button">
              {busy ? w.ask.saving : w.case.saveNote} <kbd>Ctrl Enter</kbd>
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
