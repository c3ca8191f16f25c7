// The holes of the week, each in a sentence, with what happens then and what can be done.
import type { PersonRef, Stretch } from "../../api/types";
import { useLanguage } from "../../ui/choice";
import { Mark } from "../../ui/Mark";
import { useWords } from "../../ui/words";
import { momentThere, stretchThere } from "../../ui/zone";

const AT_FIRST = 3;

interface Props {
  holes: Stretch[];
  zone: string;
  lastResort: PersonRef[];
  /** Opens who could fill it; null for whoever may not. */
  act: ((stretch: Stretch) => void) | null;
}

export function Gaps({ holes, zone, lastResort, act }: Props) {
  const w = useWords();
  const language = useLanguage();
  if (holes.length === 0) return <p className="whole">{w.rota.noGaps}</p>;
  const say = (moment: string) => momentThere(Date.parse(moment), zone, language);
  return (
    <div className="gap-notices">
      {holes.slice(0, AT_FIRST).map((one, index) => (
        <section className="gap-notice" key={one.start} aria-labelledby={`h-gap-${index}`}>
          <Mark shape="nobody" />
          <div>
            <h2 id={`h-gap-${index}`}>{w.rota.gap(...stretchThere(one, zone, language))}</h2>
            <p className="second">{lastResort.length > 0 ? w.rota.gapLastResort(lastResort.map((each) => each.name).join(", ")) : w.rota.gapNoLastResort}</p>
          </div>
          {act && (
            <button type="button" className={index === 0 ? "button button-act" : "button"} onClick={() => act(one)}>
              {w.rota.fill}
              <span className="sr"> {say(one.start)}</span>
            </button>
          )}
        </section>
      ))}
      {holes.length > AT_FIRST && <p className="strong">{w.rota.moreGaps(holes.length - AT_FIRST)}</p>}
    </div>
  );
}
