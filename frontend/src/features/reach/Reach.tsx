// My ways to be reached: which there are, whether they are proven, and one more of them.
import type { MyReach } from "../../api/types";
import { useAgain } from "../../api/useAgain";
import { useFetch } from "../../api/useFetch";
import { useNow } from "../../live/context";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { AddWay } from "./AddWay";
import { OneWay } from "./OneWay";
import { TestPage } from "./TestPage";

const LOOK_EVERY_MS = 15_000;

export function Reach() {
  const w = useWords();
  const [turn, again] = useAgain();
  // A code or a test page is on its way, and taken on another device: looked at anew.
  const seconds = Math.floor(useNow() / LOOK_EVERY_MS);
  const { found, problem } = useFetch<MyReach>("/api/me/reach", `${turn} ${seconds}`);
  return (
    <section aria-labelledby="h-reach" id="reach">
      <div className="section-head">
        <h2 id="h-reach">{w.reach.title}</h2>
      </div>
      <Refused problem={problem} />
      {found === null ? (
        !problem && <p role="status">{w.loading}</p>
      ) : (
        <>
          {!found.ways.some((one) => one.counts) && <p className="refused">{w.reach.noneWorks}</p>}
          <ul className="lines">
            {found.ways.map((one) => (
              <OneWay key={one.id} of={one} onDone={again} />
            ))}
          </ul>
          <AddWay pushKey={found.push_key} onDone={again} />
          {found.ways.some((one) => one.counts) && <TestPage tests={found.tests} onSent={again} />}
        </>
      )}
    </section>
  );
}
