// With which rules this case was judged, and who answers for them; said plainly when others are in force by now.
import type { Case } from "../api/types";
import { useWords } from "../ui/words";

export function Judged({ of, inForce }: { of: Case; inForce: string | undefined }) {
  const w = useWords();
  if (of.rulebook === "") return null;
  const another = inForce !== undefined && inForce !== of.rulebook;
  return (
    <p className="meta judged">
      {another ? w.duties.judgedWith(of.rulebook) : w.duties.caseRules(of.rulebook)} {w.signOff(of.sign_off)}
    </p>
  );
}
