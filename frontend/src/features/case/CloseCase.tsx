// Closes a case with its outcome. What holds it open is named before the button is pressed; if the server refuses, its sentence is shown.
import { type SubmitEvent, useState } from "react";
import type { Case, Done } from "../../api/types";
import { useSend } from "../../api/useSend";
import { running } from "../../live/cases";
import { holdsOpen } from "../../live/duties";
import { headline, pageName } from "../../live/pages";
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

export function CloseCase({ of, stale, onDone, onCancel }: Props) {
  const w = useWords();
  const { send, problem } = useSend();
  const [outcome, setOutcome] = useState("");
  const [reason, setReason] = useState("");
  const [unchosen, setUnchosen] = useState(false);
  const held = holdsOpen(of);
  const pages = running(of);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setUnchosen(outcome === "");
    if (stale || outcome === "") return;
    if (await send<Done>(`/api/cases/${of.id}/close`, { outcome, reason: reason.trim() })) onDone();
  }

  return (
    <form className="case-form" onKeyDown={onEscape(onCancel)} onSubmit={(event) => void submit(event)} aria-label={w.case.closeTitle}>
      <h2>{w.case.closeTitle}</h2>
      {pages.length > 0 && (
        <div className="still-owed">
          <p>{w.case.pageHolds}</p>
          <ul>
            {pages.map((page) => (
              <li key={page.id}>
                {pageName(page, w)}: {headline(page, w)}
              </li>
            ))}
          </ul>
          <button type="button" className="button" onClick={() => goTo("h-page")}>
            {w.case.goToPage}
          </button>
        </div>
      )}
      {held.length > 0 && (
        <div className="still-owed">
          <p>{w.duties.holdsOpen(held.length)}</p>
          <ul>
            {held.map((duty) => (
              <li key={duty.id}>{duty.title}</li>
            ))}
          </ul>
          <button type="button" className="button" onClick={() => goTo("h-owed")}>
            {w.duties.goThere}
          </button>
        </div>
      )}
      <div className="case-form-fields">
        <div className="field">
          <label htmlFor="outcome">{w.case.outcome}</label>
          <select id="outcome" value={outcome} autoFocus onChange={(event) => setOutcome(event.target.value)}>
            <option value="">–</option>
            {Object.entries(w.case.outcomes).map(([code, words]) => (
              <option key={code} value={code}>
                {words}
              </option>
            ))}
          </select>
          {unchosen && (
            <p className="refused" role="alert">
              {w.case.chooseOutcome}
            </p>
          )}
        </div>
        <div className="field">
          <label htmlFor="close-reason">{w.case.reason}</label>
          <textarea id="close-reason" rows={2} value={reason} maxLength={1000} onChange={(event) => setReason(event.target.value)} />
        </div>
      </div>
      <Refused problem={problem} />
      <div className="row">
        <LiveButton stale={stale} type="submit">
          {w.case.closeNow}
        </LiveButton>
        <button type="button" className="button button-quiet" onClick={onCancel}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}

function goTo(id: "h-owed" | "h-page") {
  const head = document.getElementById(id);
  // Only as far as needed: the frame around the panes must not scroll away with it.
  head?.focus({ preventScroll: true });
  head?.scrollIntoView({ block: "nearest" });
}
