// Who answers for these rules. Two people sign, one of them clinical; until then it says that nobody does.
import { type SubmitEvent, useState } from "react";
import type { Person, Rules } from "../../api/types";
import { useSend } from "../../api/useSend";
import { useLanguage } from "../../ui/choice";
import { onEscape } from "../../ui/keys";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";
import { dayAndMinute } from "./when";

interface Props {
  rules: Rules;
  me: Person;
  onSigned: (rules: Rules) => void;
}

const MAY_SIGN: readonly string[] = ["clinician", "clinical_lead", "supervisor"];

export function SignOff({ rules, me, onSigned }: Props) {
  const w = useWords();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const { signature } = rules;
  const mine = signature.proposed_by_id === me.id;
  const may = me.roles.some((role) => MAY_SIGN.includes(role)) && signature.state !== "signed" && !mine;
  return (
    <section className="sign" aria-labelledby="h-sign">
      <h2 id="h-sign">
        {signature.state === "signed"
          ? w.rules.signSigned(signature.signed_by.join(", "))
          : signature.state === "proposed"
            ? w.rules.signProposed
            : w.rules.signNone}
      </h2>
      <p>{w.rules.notValidated}</p>
      {signature.at && <p className="meta">{w.rules.signedAt(dayAndMinute(signature.at, language))}</p>}
      {signature.proposed_by && !mine && <p>{w.rules.proposedBy(signature.proposed_by)}</p>}
      {signature.state === "signed" && signature.first_reason && (
        <blockquote className="aside-line">{`${signature.signed_by[0] ?? ""}: ${signature.first_reason}`}</blockquote>
      )}
      {signature.reason && (
        <blockquote className="aside-line">
          {signature.state === "signed" ? `${signature.signed_by[1] ?? ""}: ${signature.reason}` : signature.reason}
        </blockquote>
      )}
      {mine && <p className="second">{w.rules.secondMustBeOther}</p>}
      {may && !open && (
        <button type="button" className="button" onClick={() => setOpen(true)}>
          {signature.state === "proposed" ? w.rules.signSecond : w.rules.sign}
        </button>
      )}
      {may && open && <SignForm version={rules.version} onSigned={onSigned} onLeave={() => setOpen(false)} />}
    </section>
  );
}

function SignForm({ version, onSigned, onLeave }: { version: string; onSigned: Props["onSigned"]; onLeave: () => void }) {
  const w = useWords();
  const { send, problem, busy } = useSend();
  const [reason, setReason] = useState("");
  const [empty, setEmpty] = useState(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const words = reason.trim();
    setEmpty(words === "");
    if (words === "" || busy) return;
    // The version that was read goes along: if another came into force meanwhile, nothing is signed.
    const signed = await send<Rules>("/api/rules/sign-off", { version, reason: words });
    if (signed === null) return;
    onLeave();
    onSigned(signed);
  }

  return (
    <form className="inline-form" aria-label={w.rules.signTitle(version)} onKeyDown={onEscape(onLeave)} onSubmit={(event) => void submit(event)}>
      <p className="hint" id="sign-hint">
        {w.rules.signHint}
      </p>
      <div className="field">
        <label htmlFor="sign-reason">{w.rules.reason}</label>
        <textarea id="sign-reason" rows={3} autoFocus maxLength={1000} value={reason} aria-describedby="sign-hint" onChange={(event) => setReason(event.target.value)} />
      </div>
      {empty && (
        <p className="refused" role="alert">
          {w.rules.reasonNeeded}
        </p>
      )}
      <Refused problem={problem} />
      <div className="row">
        <button type="submit" className="button">
          {busy ? w.rules.signing : w.rules.signNow}
        </button>
        <button type="button" className="button button-quiet" onClick={onLeave}>
          {w.cancel}
        </button>
      </div>
    </form>
  );
}
