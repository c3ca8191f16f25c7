// Why somebody who waits stands where they stand, in words; steps by itself when their wait becomes too long.
import type { Case } from "../api/types";
import { type Words, useWords } from "../ui/words";
import { useNow } from "./context";
import { type Placed, isOverdue } from "./turn";

export function Reasons({ of }: { of: Case }) {
  const w = useWords();
  const { late, standing } = reasonsOf(of, useNow(), w);
  return (
    <>
      {late && (
        <>
          <b>{late}</b>{" "}
        </>
      )}
      {standing}
    </>
  );
}

/** That the wait is too long (or nothing), and what else the place comes from; nothing at all when nobody waits. */
export function reasonsOf(of: Placed, now: number, w: Words): { late: string; standing: string } {
  if (of.rank === null) return { late: "", standing: "" };
  const seconds = of.rank.longest_wait_seconds;
  const longest = seconds % 60 === 0 ? w.queue.minutes(seconds / 60) : w.queue.seconds(seconds);
  return {
    late: isOverdue(of, now) ? `${w.queue.pastLongest(longest)}.` : "",
    standing: of.rank.because.map((one) => `${w.queue.reasons[one.reason]}.`).join(" "),
  };
}
