// The bands around the top bar: a drill is a drill everywhere, and a screen that is cut off says so at once.
import { type ReactNode, useEffect, useRef } from "react";
import { useClock, useLive } from "../live/context";
import { announce } from "../ui/announce";
import { clock, span } from "../ui/time";
import { useWords } from "../ui/words";

export function Bands({ drill, children }: { drill: boolean; children: ReactNode }) {
  const w = useWords();
  return (
    <>
      {drill && (
        <section className="drill-band" aria-label={w.drill}>
          <strong>{w.drill}</strong> <span>{w.drillSentence}</span>
        </section>
      )}
      {children}
      <StaleBand />
    </>
  );
}

function StaleBand() {
  const w = useWords();
  const { link, lastHeard } = useLive();
  const now = useClock();
  const wasCut = useRef(false);

  useEffect(() => {
    if (link === "not_live") wasCut.current = true;
    if (link === "live" && wasCut.current) {
      wasCut.current = false;
      announce(w.liveAgain);
    }
  }, [link, w]);

  if (link !== "not_live") return null;
  return (
    <section className="stale-band" aria-label={w.notLive}>
      {/* Only the first sentence is an alert: the rest counts on and would be read again each second. */}
      <strong role="alert">{lastHeard > 0 ? w.notLiveSince(clock(lastHeard)) : w.notLiveYet}</strong>
      <span>{lastHeard > 0 ? w.notLiveSentence(span(now - lastHeard)) : w.notLiveYetSentence}</span>
    </section>
  );
}
