// Right under the risk: how much is owed, and by name what must not be overlooked. The panel below has the rest.
import type { Case } from "../../api/types";
import { isOverdue, owed } from "../../live/duties";
import { useNow } from "../../live/context";
import { useWords } from "../../ui/words";

export function OwedLine({ of }: { of: Case }) {
  const w = useWords();
  const now = useNow();
  const open = owed(of.duties);
  const first = open.find((duty) => duty.kind === "emergency") ?? open.find((duty) => isOverdue(duty, now));
  if (open.length === 0) return null;
  return (
    <p className={first?.kind === "emergency" ? "owed-line owed-line-emergency" : "owed-line"}>
      {first && (
        <>
          <b>{first.title}.</b>{" "}
        </>
      )}
      <a href="#owed" onClick={toOwed}>
        {w.duties.line(open.length)}
      </a>
    </p>
  );
}

function toOwed(event: { preventDefault: () => void }): void {
  const head = document.getElementById("h-owed");
  if (head === null) return;
  event.preventDefault();
  // Only as far as needed: "start" would push the whole frame up, and the case's bar out of sight.
  head.focus({ preventScroll: true });
  head.scrollIntoView({ block: "nearest" });
}
