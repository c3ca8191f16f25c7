// One more way to be reached: a number, an address, or this very device. It counts once its code came back.
import { type SyntheticEvent, useState } from "react";
import type { Method } from "../../api/types";
import { useSend } from "../../api/useSend";
import { FormFoot } from "../../ui/FormFoot";
import { onEscape } from "../../ui/keys";
import { useWords } from "../../ui/words";
import { NoPush, type PushTrouble, subscribe } from "./push";

const METHODS: readonly Method[] = ["sms", "voice", "push", "email"];

export function AddWay({ pushKey, onDone }: { pushKey: string | null; onDone: () => void }) {
  const w = useWords();
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <div className="row">
        <button type="button" className="button" onClick={() => setOpen(true)}>
          {w.reach.add}
        </button>
      </div>
    );
  }
  return (
    <Form
      pushKey={pushKey}
      onDone={() => {
        setOpen(false);
        onDone();
      }}
      onLeave={() => setOpen(false)}
    />
  );
}

function Form({ pushKey, onDone, onLeave }: { pushKey: string | null; onDone: () => void; onLeave: () => void }) {
  const w = useWords();
  const [method, setMethod] = useState<Method>("sms");
  const [address, setAddress] = useState("");
  const [trouble, setTrouble] = useState<PushTrouble | "empty" | null>(null);
  const { send, problem, busy } = useSend();
  // Without a key of the server no browser can be subscribed.
  const methods = METHODS.filter((one) => one !== "push" || pushKey);
  const email = method === "email";

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setTrouble(null);
    if (method !== "push" && address.trim() === "") return setTrouble("empty");
    try {
      const body = method === "push" ? { method, subscription: await subscribe(pushKey ?? "") } : { method, address: address.trim() };
      if ((await send("/api/me/reach", body)) !== null) onDone();
    } catch (refused) {
      if (!(refused instanceof NoPush)) throw refused;
      setTrouble(refused.why);
    }
  }

  return (
    <form className="inline-form" aria-label={w.reach.add} onSubmit={(event) => void submit(event)} onKeyDown={onEscape(onLeave)}>
      <div className="fields">
        <div className="field">
          <label htmlFor="way-method">{w.reach.how}</label>
          <select id="way-method" value={method} autoFocus onChange={(event) => setMethod(event.target.value as Method)}>
            {methods.map((one) => (
              <option key={one} value={one}>
                {w.reach.methodLong[one]}
              </option>
            ))}
          </select>
        </div>
        {method !== "push" && (
          <div className="field">
            <label htmlFor="way-address">{email ? w.reach.email : w.reach.number}</label>
            <input
              id="way-address"
              className="input"
              value={address}
              type={email ? "email" : "tel"}
              autoComplete={email ? "email" : "tel"}
              maxLength={254}
              aria-describedby="way-hint"
              onChange={(event) => setAddress(event.target.value)}
            />
          </div>
        )}
      </div>
      <p className="hint" id="way-hint">
        {method === "push" ? w.reach.pushHint : email ? w.reach.emailHint : w.reach.numberHint}
      </p>
      <FormFoot missing={trouble ? w.reach.trouble[trouble] : ""} problem={problem} busy={busy} act={method === "push" ? w.reach.useDevice : w.reach.addNow} onLeave={onLeave} />
    </form>
  );
}
