// A rule of the rota said no: somebody who answers for it may do it all the same, with a reason that is kept.
import { useId, useState } from "react";
import type { Problem } from "../../api/client";
import { useWords } from "../../ui/words";

interface Props {
  problem: Problem | null;
  supervises: boolean;
  onAnyway: (why: string) => void;
}

export function Anyway({ problem, supervises, onAnyway }: Props) {
  const w = useWords();
  const id = useId();
  const [why, setWhy] = useState("");
  if (!supervises || problem?.status !== 422) return null;
  return (
    <div className="field">
      <label htmlFor={id}>{w.rota.anywayWhy}</label>
      <input id={id} className="input" value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
      <div className="row">
        <button type="button" className="button" disabled={why.trim() === ""} onClick={() => onAnyway(why.trim())}>
          {w.rota.anyway}
        </button>
      </div>
    </div>
  );
}
