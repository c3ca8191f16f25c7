// For whoever sees no case, and for addresses that mean nothing: a plain sentence.
import type { Me } from "../api/types";
import { useWords } from "../ui/words";

export function NoScreen({ me }: { me: Me }) {
  const w = useWords();
  return (
    <main>
      <h1>{me.person.name}</h1>
      <p>{w.noScreen(w.roles[me.person.role])}</p>
      <p className="second">{me.person.role === "auditor" ? w.auditorSentence : w.adminSentence}</p>
      <p>
        <a href="/rules">{w.rules.title}</a>
      </p>
    </main>
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
