// One's own page, composed: shifts from `rota`, ways to be reached and the calendar address from `reach`.
import type { Person } from "../api/types";
import { CalendarLink } from "../features/reach/CalendarLink";
import { Reach } from "../features/reach/Reach";
import { MyShifts } from "../features/rota/MyShifts";
import { useWords } from "../ui/words";

export function MinePage({ me }: { me: Person }) {
  const w = useWords();
  return (
    <main className="page page-narrow" id="mine">
      <h1>{w.rota.mineTitle}</h1>
      <MyShifts me={me} />
      <Reach />
      <CalendarLink />
    </main>
  );
}
