// Ends a ladder by a person's word, with a reason. Asked once more by the form itself.
import { type SubmitEvent, useState } from "react";
import type { Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useStale } from "../../live/context";
import { onEscape } from "../../ui/keys";
import { LiveButton } from "../../ui/LiveButton";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export function StandDown({ caseId }: { caseId: string }) {
  const w = useWords();
  const stale = useStale();
  const { send, problem } = useSend();
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useState(false);
  const [reason, setReason] = useState("");
  const [short, setShort] = useState(false);

  function leave() {
    setLeft(true);
    setOpen(false);
  }

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setShort(reason.trim().length < 3);
    if (stale || reason.trim().length < 3) return;
    if (await send<Done>(`/api/cases/${caseId}/stand-down`, { reason: reason.trim() })) setOpen(false);
  }

  if (!open) {
    return (
      <LiveButton stale={stale} className="button button-quiet" autoFocus={left} onClick={() => setOpen(true)}>
        {w.ask.standDown}
      </LiveButton>
    );
  }
  return (
    <form className="inline-form" onKeyDown={onEscape(leave)} onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor="stand-down">{w.ask.standDownTitle}</label>
        <textarea id="stand-down" rows={2} value={reason} autoFocus onChange={(event) => setReason(event.target.value)} />
      </div>
      {short && (
        <p className="refused" role="alert">
          {w.ask.reasonNeeded}
        </p>
      )}
      <Refused problem={problem} />
      <div className="row">
        <LiveButton stale={stale} type="submit">
          {w.ask.standDownNow}
        </LiveButton>
        <button type="button" className="button button-quiet" onClick={leave}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
