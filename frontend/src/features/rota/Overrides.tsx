// The changes of this week: who made them, why, and ending one.
import type { Override } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useLanguage } from "../../ui/choice";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { stretchThere } from "../../ui/zone";

interface Props {
  of: readonly Override[];
  zone: string;
  now: number;
  supervises: boolean;
  onDone: () => void;
}

export function Overrides({ of, zone, now, supervises, onDone }: Props) {
  const w = useWords();
  return (
    <section aria-labelledby="h-made">
      <div className="section-head">
        <h2 id="h-made">{w.rota.madeChanges}</h2>
      </div>
      {of.length === 0 ? (
        <p className="second">{w.rota.noChanges}</p>
      ) : (
        <ul className="lines">
          {of.map((one) => (
            <One key={one.id} of={one} zone={zone} mayEnd={supervises && Date.parse(one.end) > now} onDone={onDone} />
          ))}
        </ul>
      )}
    </section>
  );
}

function One({ of, zone, mayEnd, onDone }: { of: Override; zone: string; mayEnd: boolean; onDone: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const { send, problem } = useSend();
  const what = of.change === "remove" ? w.rota.isOff(of.person.name) : of.for_whom ? w.rota.coverFor(of.person.name, of.for_whom.name) : w.rota.isAdded(of.person.name);

  async function end() {
    if ((await send(`/api/rotas/${encodeURIComponent(of.rota)}/overrides/${encodeURIComponent(of.id)}/end`)) !== null) onDone();
  }

  return (
    <li>
      <span className="strong">{what}</span>
      <span className="when">{w.rota.fromTo(...stretchThere(of, zone, language))}</span>
      <span className="meta">
        {of.why && `${of.why}. `.replace("..", ".")}
        {w.rota.madeBy(of.by.name)}
      </span>
      {mayEnd && (
        <div className="row">
          <button type="button" className="inline-link" onClick={() => void end()}>
            {w.rota.endChange}
            <span className="sr"> {what}</span>
          </button>
        </div>
      )}
      <Refused problem={problem} />
    </li>
  );
}
