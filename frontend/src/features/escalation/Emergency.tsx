// Who calls the emergency services: a person, by telephone. Recording it here comes later, and that is said.
import { useId, useState } from "react";
import { useWords } from "../../ui/words";

export function Emergency() {
  const w = useWords();
  const [open, setOpen] = useState(false);
  const why = useId();
  return (
    <div className="emergency">
      <button type="button" className="button button-wide" aria-expanded={open} onClick={() => setOpen(!open)}>
        {w.ask.emergency}
      </button>
      {open && (
        <div className="inline-form" role="group" aria-label={w.ask.emergencyTitle}>
          <p>{w.ask.emergencySentence}</p>
          <button type="button" className="button waits-for-live" aria-disabled="true" aria-describedby={why}>
            {w.ask.emergencyLater}
          </button>
          <p className="hint" id={why}>
            {w.ask.emergencyNotYet}
          </p>
        </div>
      )}
    </div>
  );
}
