// The call itself happens on the responder's own telephone; here it is rung, and here stands who is in the room.
import type { Case, Done, Person, Staff } from "../../api/types";
import { useSend } from "../../api/useSend";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

interface Props {
  of: Case;
  me: Person;
  staff: readonly Staff[];
  onDone: (done: Done) => void;
}

export function CallControls({ of, me, staff, onDone }: Props) {
  const w = useWords();
  const { send, problem, busy } = useSend();
  const inRoom = of.in_room.includes(me.id);
  const name = (id: string) => (id === me.id ? w.you.toLowerCase() : (staff.find((one) => one.id === id)?.name ?? id));

  async function join() {
    const done = await send<Done>(`/api/cases/${of.id}/join`);
    if (done) onDone(done);
  }

  if (of.call_over) {
    return (
      <div className="controls" role="group" aria-label={w.case.call}>
        <p className="line-people">{w.case.callOver}</p>
      </div>
    );
  }
  return (
    <div className="controls" role="group" aria-label={w.case.call}>
      {inRoom ? (
        <p className="line-people">{w.case.hangUp}</p>
      ) : (
        <button type="button" className="button button-act" aria-busy={busy} onClick={() => void join()}>
          {w.case.ringMe}
        </button>
      )}
      <span className="spring" />
      <p className="line-people">
        <span>
          {w.case.inRoom} <b>{[w.case.theCaller, ...of.in_room.map(name)].join(", ")}</b>
        </span>
      </p>
      <Refused problem={problem} />
    </div>
  );
}
