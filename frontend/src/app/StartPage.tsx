// Between two conversations: one's own, and who waits.
import type { Person } from "../api/types";
import { Queue } from "../features/case/Queue";
import { Strip } from "../features/case/Strip";
import { ownCases, waiting } from "../live/cases";
import { useLive, useNow } from "../live/context";
import { useDetails } from "../live/details";
import { inOrder } from "../live/turn";
import { useWords } from "../ui/words";
import { go } from "./route";
import { Loading } from "./Loading";

export function StartPage({ me }: { me: Person }) {
  const w = useWords();
  const { picture } = useLive();
  const details = useDetails();
  const now = useNow();
  if (picture === null) return <Loading id="waiting" title={w.case.waiting} />;
  const cases = [...picture.cases.values()];
  return (
    <>
      <Strip own={ownCases(cases, me)} waiting={waiting(cases)} openId={null} />
      <Queue
        waiting={inOrder(waiting(cases), now)}
        onClaimed={(done) => {
          details.acknowledge(done.case);
          go(`/case/${done.case.id}`);
        }}
      />
    </>
  );
}
