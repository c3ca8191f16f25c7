// Notes for colleagues. F2 goes there and back; nothing counts as saved before the server said so.
import { type SubmitEvent, type KeyboardEvent, useRef } from "react";
import type { CaseDetail, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { matches, useKey } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { clock, hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";
import { useDraft } from "../../live/drafts";

export function Notes({ detail, onDone }: { detail: CaseDetail; onDone: (done: Done) => void }) {
  const w = useWords();
  const [text, setText] = useDraft("note", detail.id);
  const { send, problem, busy } = useSend();
  const box = useRef<HTMLTextAreaElement>(null);
  const cameFrom = useRef<HTMLElement | null>(null);
  const last = detail.notes.at(-1);

  useKey("F2", () => {
    if (document.activeElement === box.current) {
      if (cameFrom.current?.isConnected) cameFrom.current.focus();
      else document.querySelector<HTMLElement>(".answers input:checked, .answers input")?.focus();
    } else {
      cameFrom.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      box.current?.focus();
    }
  });

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
    <section className="group ruled grows" aria-labelledby="h-notes" id="notes">
      <div className="head">
        <h2 id="h-notes">
          <label htmlFor="note">{w.case.notes}</label> <kbd>F2</kbd>
        </h2>
        <span className="saved" role="status">
          {text.trim() ? w.case.notSaved : last ? w.case.savedAt(clock(last.at)) : ""}
        </span>
      </div>
      {detail.notes.length > 0 && (
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
      <form className="note-form" onSubmit={(event) => void submit(event)}>
        <textarea
          id="note"
          rows={2}
          ref={box}
          value={text}
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
    </section>
  );
}
