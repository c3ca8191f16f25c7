// The foot of a form: what is still missing, why it was refused, and the two ways out of it.
import type { ReactNode } from "react";
import type { Problem } from "../api/client";
import { Refused } from "./Refused";
import { useWords } from "./words";

interface Props {
  /** What the person has still to say, in a sentence; empty when nothing is missing. */
  missing: string;
  problem: Problem | null;
  busy: boolean;
  /** What the button says that does it. */
  act: string;
  onLeave: () => void;
  /** What stands between a refusal and the buttons: a way to do it all the same. */
  children?: ReactNode;
}

export function FormFoot({ missing, problem, busy, act, onLeave, children }: Props) {
  const w = useWords();
  return (
    <>
      {missing && (
        <p className="refused" role="alert">
          {missing}
        </p>
      )}
      <Refused problem={problem} />
      {children}
      <div className="row">
        <button type="submit" className="button button-act" aria-busy={busy}>
          {act}
        </button>
        <button type="button" className="button button-quiet" onClick={onLeave}>
          {w.cancel}
        </button>
      </div>
    </>
  );
}
