// The call itself happens on the responder's own telephone; here it is rung, and here stands who is in the room.
import { useState } from "react";
import type { Case, Done, Person, Staff } from "../../api/types";
import { useSend } from "../../api/useSend";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

interface Props {
  of: Case;
  me: Person;
  staff: readonly Staff[];
  /** The caller's number as far as it may be shown. */
  masked: string;
  /** Whether ringing is what this person has to do now: then it has the focus from the start. */
  first: boolean;
  onDone: (done: Done) => void;
}

export function CallControls({ of, me, staff, masked, first, onDone }: Props) {
  const w = useWords();
  const { send, problem, busy } = useSend();
  const [rungAt, setRungAt] = useState<number | null>(null);
  const inRoom = of.in_room.includes(me.id);
  const open = of.state !== "closed";
  const name = (id: string) => (id === me.id ? w.you.toLowerCase() : (staff.find((one) => one.id === id)?.name ?? id));

  async function join() {
    const done = await send<Done>(`/api/cases/${of.id}/join`);
    if (done === null) return;
    setRungAt(done.case.sequence);
    onDone(done);
  }

  // Only as long as nothing newer is known: a telephone that was declined does not ring.
  const ringing = rungAt !== null && of.sequence <= rungAt;

  if (of.call_over) {
    return (
      <div className="controls" role="group" aria-label={w.case.call}>
        <p className="call-over" role="status">
          <b>{w.case.callOver}</b> {open && w.case.callOverNext(masked)}
        </p>
      </div>
    );
  }
  return (
    <div className="controls" role="group" aria-label={w.case.call}>
      {inRoom ? (
        <p className="line-people">{w.case.hangUp}</p>
      ) : (
        <>
          <button type="button" className="button button-act" autoFocus={first} aria-busy={busy} onClick={() => void join()}>
            {w.case.ringMe}
          </button>
          <p className="ring-first" role="status">
            {ringing ? w.case.ringing : of.in_room.length === 0 && w.case.joinFirst}
          </p>
        </>
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
