// The board, composed: needs and cases from `board`, people from `rota`, taking a page from `escalation`, "Seen" from `duties`.
import type { Person } from "../api/types";
import { Board } from "../features/board/Board";
import { Notice } from "../features/duties/Notice";
import { TakePage } from "../features/escalation/TakePage";
import { People } from "../features/rota/People";
import { useLive } from "../live/context";
import { useDetails } from "../live/details";
import { isFor } from "../live/duties";
import { useWords } from "../ui/words";
import { Loading } from "./Loading";

export function BoardPage({ me }: { me: Person }) {
  const w = useWords();
  const { picture } = useLive();
  const details = useDetails();
  if (picture === null) return <Loading id="cases" title={w.boardTitle} />;
  return (
    <Board
      picture={picture}
      people={<People picture={picture} />}
      seen={(id, duty) => isFor(duty, me) && <Notice caseId={id} duty={duty} onDone={(done) => details.acknowledge(done.case)} />}
      take={(id, which) => {
        const of = picture.cases.get(id);
        return of?.escalations
          .filter((one) => one.id === which)
          .map((one) => <TakePage key={one.id} escalation={one} me={me} number={of.number} />);
      }}
    />
  );
}
