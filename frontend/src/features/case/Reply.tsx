// Words to the person. They leave the screen only with Send, and stay in the box until the server has them.
import { type SubmitEvent, type KeyboardEvent, useRef } from "react";
import type { Case, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { matches } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { segments } from "../../ui/segments";
import { useWords } from "../../ui/words";
import { useDraft } from "../../live/drafts";

export function Reply({ of, onDone }: { of: Case; onDone: (done: Done) => void }) {
  const w = useWords();
  const [text, setText] = useDraft("reply", of.id);
  const { send, problem, busy } = useSend();
  const box = useRef<HTMLTextAreaElement>(null);
  const count = segments(text);

  async function submit(event?: SubmitEvent) {
    event?.preventDefault();
    const words = text.trim();
    if (!words || busy) return;
    const done = await send<Done>(`/api/cases/${of.id}/messages`, { text: words });
    if (done === null) return;
    // What was typed meanwhile is kept.
    const typed = box.current?.value ?? "";
    setText(typed.trim() === words ? "" : typed);
    onDone(done);
  }

  function press(event: KeyboardEvent) {
    if (!matches(event.nativeEvent, "Ctrl+Enter") || event.repeat) return;
    event.preventDefault();
    void submit();
  }

  if (of.texting_stopped) return <p className="aside-line reply">{w.case.textingStopped}</p>;
  return (
    <form className="reply" onSubmit={(event) => void submit(event)}>
      <div className="head">
        <label className="strong" htmlFor="reply">
          {w.case.reply}
        </label>
        <span className="meta num">{w.case.count(count.messages, count.used, count.of)}</span>
      </div>
      <textarea
        id="reply"
        rows={3}
        ref={box}
        value={text}
        maxLength={1600}
        lang={of.language}
        aria-describedby="reply-hint"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
      />
      <Refused problem={problem} />
      <div className="row row-apart reply-foot">
        <span className="meta" id="reply-hint">
          {w.case.replyHint}
        </span>
        <button type="submit" className="button">
          {busy ? w.case.sending : w.case.send} <kbd>Ctrl Enter</kbd>
        </button>
      </div>
    </form>
  );
}
