// Gives a case back to the queue.
import { type SubmitEvent, useState } from "react";
import type { Case, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { onEscape } from "../../ui/keys";
import { LiveButton } from "../../ui/LiveButton";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

interface Props {
  of: Case;
  stale: boolean;
  onDone: () => void;
  onCancel: () => void;
}

export function Release({ of, stale, onDone, onCancel }: Props) {
  const w = useWords();
  const { send, problem } = useSend();
  const [reason, setReason] = useState("");

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (stale) return;
    if (await send<Done>(`/api/cases/${of.id}/release`, { reason: reason.trim() })) onDone();
  }

  return (
    <form className="case-form" onKeyDown={onEscape(onCancel)} onSubmit={(event) => void submit(event)} aria-label={w.case.releaseTitle}>
      <h2>{w.case.releaseTitle}</h2>
      <p className="hint">{w.case.releaseHint}</p>
      <div className="field">
        <label htmlFor="release-reason">{w.case.reasonOptional}</label>
        <textarea id="release-reason" rows={2} value={reason} autoFocus onChange={(event) => setReason(event.target.value)} />
      </div>
      <Refused problem={problem} />
      <div className="row">
        <LiveButton stale={stale} type="submit">
          {w.case.release}
        </LiveButton>
        <button type="button" className="button button-quiet" onClick={onCancel}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
