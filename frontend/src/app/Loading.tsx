// Until the first picture is here: said, not drawn.
import type { Problem } from "../api/client";
import { Refused } from "../ui/Refused";
import { useWords } from "../ui/words";

export function Loading({ id, title, problem = null }: { id: string; title: string; problem?: Problem | null }) {
  const w = useWords();
  return (
    <main className="plain" id={id}>
      <h1 className="sr">{title}</h1>
      {problem ? <Refused problem={problem} /> : <p role="status">{w.loading}</p>}
    </main>
  );
}
