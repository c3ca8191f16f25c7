// Why somebody who waits stands where they stand, in words; steps by itself when their wait becomes too long.
import type { Case } from "../api/types";
import { type Words, useWords } from "../ui/words";
import { useNow } from "./context";
import { type Placed, type Reason, isOverdue } from "./turn";

/** `without` leaves out what stands beside it already. */
export function Reasons({ of, without }: { of: Case; without?: Reason }) {
  const w = useWords();
  const { late, standing } = reasonsOf(of, useNow(), w, without);
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
export function reasonsOf(of: Placed, now: number, w: Words, without?: Reason): { late: string; standing: string } {
  if (of.rank === null) return { late: "", standing: "" };
  const seconds = of.rank.longest_wait_seconds;
  const longest = seconds % 60 === 0 ? w.queue.minutes(seconds / 60) : w.queue.seconds(seconds);
  return {
    late: isOverdue(of, now) ? `${w.queue.pastLongest(longest)}.` : "",
    standing: of.rank.because
      .filter((one) => one.reason !== without)
      .map((one) => `${w.queue.reasons[one.reason]}.`)
      .join(" "),
  };
}
