// Why something was not done, where it happened, in a sentence. What was typed stays.
import type { Problem } from "../api/client";
import { useWords } from "./words";

export function Refused({ problem }: { problem: Problem | null }) {
  const w = useWords();
  if (problem === null) return null;
  const sentence = problem.unanswered ? w.noAnswer : problem.message || w.refusedWithout(problem.status);
  return (
    <p className="refused" role="alert">
      {sentence}
      {problem.who && !sentence.includes(problem.who) ? ` ${w.whoHasIt(problem.who)}` : ""}
    </p>
  );
}
