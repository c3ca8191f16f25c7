// What is missing in the next two weeks, on every rota and ladder: red where nobody would be there.
import type { Coverage } from "../../api/types";
import { useLanguage } from "../../ui/choice";
import { Mark } from "../../ui/Mark";
import { useWords } from "../../ui/words";
import { momentThere, ownZone } from "../../ui/zone";

export function Lacks({ coverage }: { coverage: Coverage | null }) {
  const w = useWords();
  const language = useLanguage();
  if (coverage === null) return null;
  const say = (moment: string) => momentThere(Date.parse(moment), ownZone(), language);
  const sorted = [...coverage.findings].sort((a, b) => Number(b.red) - Number(a.red) || (a.start ?? "").localeCompare(b.start ?? ""));
  return (
    <section aria-labelledby="h-lacks">
      <div className="section-head">
        <h2 id="h-lacks">{w.rota.missing}</h2>
        <span className="meta">{coverage.checked_at ? w.rota.checkedAt(say(coverage.checked_at)) : w.rota.notChecked}</span>
      </div>
      {sorted.length === 0 ? (
        <p>{coverage.checked_at === null ? w.rota.notCheckedMore : coverage.whole ? w.rota.nothingMissing : w.rota.missingElsewhere}</p>
      ) : (
        <ul className="lines">
          {sorted.map((one) => (
            <li key={`${one.about} ${one.lack} ${one.start ?? ""} ${one.sentence}`}>
              <span className={one.red ? "strong" : ""}>
                {one.red && <Mark shape="nobody" />} {one.sentence}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
