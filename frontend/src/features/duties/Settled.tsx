// What was done, and what shall not be done, folded below what is still owed.
import type { Duty } from "../../api/types";
import { hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";

export function Settled({ duties, name }: { duties: readonly Duty[]; name: (id: string) => string }) {
  const w = useWords();
  const who = (duty: Duty) => {
    if (duty.by === null) return w.duties.itself;
    return duty.second ? w.duties.byTwo(name(duty.by), name(duty.second)) : w.duties.byWhom(name(duty.by));
  };
  return (
    <details className="settled">
      <summary>{w.duties.settled(duties.length)}</summary>
      <ul>
        {duties.map((duty) => (
          <li key={duty.id}>
            {duty.title}: <b>{duty.state === "met" ? w.duties.met : w.duties.declined}</b>{" "}
            <span className="meta">
              {who(duty)}
              {duty.ended_at && `, ${hourMinute(duty.ended_at)}`}
            </span>
            {duty.words && <q className="duty-words">{duty.words}</q>}
          </li>
        ))}
      </ul>
    </details>
  );
}
