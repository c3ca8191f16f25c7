// For whoever has no screen here, and for addresses that mean nothing: a plain sentence.
import type { Me } from "../api/types";
import { useWords } from "../ui/words";

export function NoScreen({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const w = useWords();
  return (
    <div className="door">
      <header className="top">
        <span className="brand">
          crisis_hub <span>{me.service}</span>
        </span>
      </header>
      <main>
        <h1>{me.person.name}</h1>
        <p>{w.noScreen(w.roles[me.person.role])}</p>
        <p className="second">{me.person.role === "auditor" ? w.auditorSentence : w.adminSentence}</p>
        <button type="button" className="button" onClick={onSignOut}>
          {w.signOut}
        </button>
      </main>
    </div>
  );
}

export function NotHere() {
  const w = useWords();
  return (
    <main className="plain">
      <h1>{w.notHere}</h1>
      <p>
        <a href="/">{w.toStart}</a>
      </p>
    </main>
  );
}
