// The door. What was typed stays after a refusal; pasting is fine.
import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Problem, signIn } from "../../api/client";
import { useWords } from "../../ui/words";

interface Props {
  service: string;
  wasSignedOut: boolean;
  onSignedIn: () => void;
}

type Field = "username" | "password";

export function SignIn({ service, wasSignedOut, onSignedIn }: Props) {
  const w = useWords();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<Field | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const told = problem !== null || missing !== null;

  useEffect(() => {
    if (told) summary.current?.focus();
  }, [told, problem, missing]);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (busy) return;
    setProblem(null);
    const empty = username.trim() === "" ? "username" : password === "" ? "password" : null;
    setMissing(empty);
    if (empty) return;
    setBusy(true);
    try {
      await signIn(username.trim(), password);
      onSignedIn();
    } catch (refused) {
      if (!(refused instanceof Problem)) throw refused;
      setProblem(refused);
    } finally {
      setBusy(false);
    }
  }

  const sentence =
    missing === "username"
      ? w.enterUserName
      : missing === "password"
        ? w.enterPassword
        : problem?.unanswered
          ? w.noAnswer
          : problem?.message;
  return (
    <div className="door">
      <header className="top">
        <span className="brand">
          crisis_hub <span>{service}</span>
        </span>
      </header>
      <main>
        <h1>{w.signIn}</h1>
        {wasSignedOut && !told && <p className="hint">{w.signedOut}</p>}
        {told && (
          <div className="problem" role="alert" tabIndex={-1} ref={summary}>
            <h2>{w.thatDidNotWork}</h2>
            <p>{missing ? <a href={`#${missing}`}>{sentence}</a> : sentence}</p>
          </div>
        )}
        <form onSubmit={(event) => void submit(event)} noValidate>
          <TextField
            name="username"
            label={w.userName}
            value={username}
            onChange={setUsername}
            wrong={missing === "username" ? w.enterUserName : null}
            autoComplete="username"
          />
          <TextField
            name="password"
            label={w.password}
            value={password}
            onChange={setPassword}
            wrong={missing === "password" ? w.enterPassword : null}
            autoComplete="current-password"
          />
          <button type="submit" className="button button-act button-wide">
            {busy ? w.signingIn : w.signIn}
          </button>
        </form>
        <p className="hint">{w.signInHelp}</p>
      </main>
    </div>
  );
}

interface FieldProps {
  name: Field;
  label: string;
  value: string;
  onChange: (next: string) => void;
  wrong: string | null;
  autoComplete: string;
}

function TextField({ name, label, value, onChange, wrong, autoComplete }: FieldProps) {
  return (
    <div className={wrong ? "field has-problem" : "field"}>
      <label htmlFor={name}>{label}</label>
      {wrong && (
        <span className="field-problem" id={`${name}-problem`}>
          {wrong}
        </span>
      )}
      <input
        className="input"
        id={name}
        name={name}
        type={name === "password" ? "password" : "text"}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={wrong !== null}
        {...(wrong ? { "aria-describedby": `${name}-problem` } : {})}
      />
    </div>
  );
}
