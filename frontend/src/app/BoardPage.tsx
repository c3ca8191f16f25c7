// The board, composed: needs and cases from `board`, people from `rota`, taking a page from `escalation`, what is owed from `duties`.
import type { Done, OwedDuty, Person } from "../api/types";
import { AfterClosing } from "../features/board/AfterClosing";
import { Board } from "../features/board/Board";
import { Notice } from "../features/duties/Notice";
import { OneOwed } from "../features/duties/OneOwed";
import { TakePage } from "../features/escalation/TakePage";
import { Tries } from "../features/escalation/Tries";
import { People } from "../features/rota/People";
import { useLive } from "../live/context";
import { useDetails } from "../live/details";
import { isFor, maySecond } from "../live/duties";
import type { Picture } from "../live/reduce";
import { useWords } from "../ui/words";
import { Loading } from "./Loading";
import { useOwed } from "./useOwed";

export function BoardPage({ me }: { me: Person }) {
  const w = useWords();
  const { picture } = useLive();
  if (picture === null) return <Loading id="cases" title={w.boardTitle} />;
  return <Composed picture={picture} me={me} />;
}

function Composed({ picture, me }: { picture: Picture; me: Person }) {
  const details = useDetails();
  const { list, problem, onDone } = useOwed(picture);
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
      tries={(escalation, named) => <Tries escalation={escalation} named={named} />}
      owed={list}
      afterClosing={<AfterClosing list={list} problem={problem} one={(owed) => <One owed={owed} me={me} onDone={onDone} />} />}
    />
  );
}

/** Whoever is shown it may settle it: the server lists for each person only what is theirs to settle, or to see. */
function One({ owed, me, onDone }: { owed: OwedDuty; me: Person; onDone: (done: Done) => void }) {
  const w = useWords();
  const details = useDetails();
  // Why somebody would not do it is a private word: whoever is to agree reads it in the case first.
  const readFirst = maySecond(owed, me);
  return (
    <>
      <OneOwed
        duty={owed}
        caseId={owed.case}
        me={me}
        name={(id) => (id === me.id ? me.name : (owed.decline_proposed_by_name ?? id))}
        mayFill={!readFirst}
        askNow={null}
        onRecord={null}
        onDone={(done) => {
          details.acknowledge(done.case);
          onDone(done);
        }}
      />
      {readFirst && <p className="meta">{w.duties.readFirst}</p>}
    </>
  );
}
