// One way to be reached: whether it counts, the code that proves it, and taking it away.
import { type SyntheticEvent, useId, useState } from "react";
import type { Way } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useNow } from "../../live/context";
import { announce } from "../../ui/announce";
import { useLanguage } from "../../ui/choice";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { momentThere, ownZone } from "../../ui/zone";

export function OneWay({ of, onDone }: { of: Way; onDone: () => void }) {
  const w = useWords();
  const language = useLanguage();
  const now = useNow();
  const { send, problem } = useSend();
  const [removing, setRemoving] = useState(false);
  const name = `${w.reach.method[of.method]} ${of.address}`.trim();
  const path = `/api/me/reach/${encodeURIComponent(of.id)}`;
  const say = (moment: string) => momentThere(Date.parse(moment), ownZone(), language);

  async function remove() {
    if ((await send(`${path}/remove`)) !== null) onDone();
  }

  return (
    <li>
      <span>
        <b>{w.reach.methodLong[of.method]}</b> <span className="num-wrap">{of.address}</span>
      </span>
      {of.opted_out ? (
        <span className="lack">{w.reach.optedOut}</span>
      ) : of.verified_at === null ? (
        <span className="lack">{of.counts ? w.reach.unverified : w.reach.unverifiedOwn}</span>
      ) : (
        <span className="second">{w.reach.verified}</span>
      )}
      <span className="meta">{of.last_proved_at ? w.reach.lastTaken(say(of.last_proved_at), Math.floor((now - Date.parse(of.last_proved_at)) / 86_400_000)) : w.reach.neverTaken}</span>
      {when(of, w) && <span className="meta">{when(of, w)}</span>}
      {of.verified_at === null && !of.opted_out && <Code path={path} of={of} onDone={onDone} />}
      {!of.own ? (
        <span className="meta">{w.reach.byAdmin}</span>
      ) : (
        <div className="row">
          {removing ? (
            <>
              <button type="button" className="button" autoFocus onClick={() => void remove()}>
                {w.reach.removeNow}
                <span className="sr"> {name}</span>
              </button>
              <button type="button" className="button button-quiet" onClick={() => setRemoving(false)}>
                {w.cancel}
              </button>
            </>
          ) : (
            <button type="button" className="inline-link" onClick={() => setRemoving(true)}>
              {w.reach.remove}
              <span className="sr"> {name}</span>
            </button>
          )}
        </div>
      )}
      <Refused problem={problem} />
    </li>
  );
}

type W = ReturnType<typeof useWords>;

/** After how long it is tried, where that is not at once for everything; and for what alone it is. */
function when(of: Way, w: W): string {
  const only = of.for.length > 0 ? [w.reach.only(of.for.map((one) => w.reach.urgency[one]).join(", "))] : [];
  const { imminent, high, other } = of.after_seconds;
  if (imminent === 0 && high === 0 && other === 0) return only.join(" ");
  return [w.reach.delays(imminent, high, other), ...only].join(" ");
}

function Code({ path, of, onDone }: { path: string; of: Way; onDone: () => void }) {
  const w = useWords();
  const id = useId();
  const [code, setCode] = useState("");
  const [resent, setResent] = useState(false);
  const { send, problem, busy, clear } = useSend();

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (code.trim() === "") return;
    if ((await send(`${path}/verify`, { code: code.trim() })) === null) return;
    announce(w.reach.verified);
    onDone();
  }

  async function again() {
    setResent(false);
    if ((await send(`${path}/code`)) === null) return;
    setResent(true);
    onDone();
  }

  if (of.code_sent_at === null) {
    return (
      <div className="row">
        <button type="button" className="button" aria-busy={busy} onClick={() => void again()}>
          {w.reach.firstCode}
          <span className="sr"> {w.reach.method[of.method]}</span>
        </button>
        <Refused problem={problem} />
      </div>
    );
  }

  return (
    <form className="inline-form" onSubmit={(event) => void submit(event)} onKeyDown={onEscape(() => setCode(""))}>
      <div className="field">
        <label htmlFor={id}>{w.reach.code(w.reach.method[of.method])}</label>
        <input
          id={id}
          className="input short"
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          onChange={(event) => {
            clear();
            setCode(event.target.value);
          }}
        />
      </div>
      <Refused problem={problem} />
      {resent && <p role="status">{w.reach.codeSent}</p>}
      <div className="row">
        <button type="submit" className="button" aria-busy={busy}>
          {w.reach.verify}
        </button>
        <button type="button" className="button button-quiet" onClick={() => void again()}>
          {w.reach.sendCode}
        </button>
      </div>
    </form>
  );
}
