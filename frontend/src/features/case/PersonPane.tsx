// What is known of the person: little, and masked.
import type { CaseDetail } from "../../api/types";
import { RiskWord } from "../../ui/Mark";
import { OpensWide } from "../../ui/OpensWide";
import { useLanguage } from "../../ui/choice";
import { day } from "../../ui/time";
import { languageName, useWords } from "../../ui/words";

export function PersonPane({ detail }: { detail: CaseDetail }) {
  const w = useWords();
  const language = useLanguage();
  const count = w.case.earlierCount(detail.earlier.length);
  const masked = detail.contacts.at(-1)?.address_masked;
  return (
    <section className="group ruled" aria-labelledby="h-person">
      <OpensWide
        className="outline"
        summary={
          <>
            <span>{w.case.person}</span>
            <span className="meta">{count}</span>
          </>
        }
      >
        <div className="head">
          <h2 id="h-person">{w.case.person}</h2>
          <span className="meta">{count}</span>
        </div>
        <p className="second">
          {masked && w.case.phoneEnds(masked)} {w.case.speaks(languageName(detail.language))}
        </p>
        {detail.earlier.length > 0 && (
          <ul className="history" aria-label={w.case.earlier}>
            {detail.earlier.map((one) => (
              <li key={one.id}>
                <div className="head">
                  <a href={`/case/${one.id}`}>
                    {w.channel[one.channel]}, {day(one.opened_at, language)}
                  </a>
                  <RiskWord risk={one.risk} />
                </div>
              </li>
            ))}
          </ul>
        )}
      </OpensWide>
    </section>
  );
}
