// At narrow widths: four words at the thumb.
import { useWords } from "../ui/words";

export function Jump({ talk }: { talk: boolean }) {
  const w = useWords();
  return (
    <nav className="jump" aria-label={w.case.jump}>
      <ul>
        {talk && (
          <li>
            <a href="#talk">{w.case.jumpTalk}</a>
          </li>
        )}
        <li>
          <a href="#ask">{w.case.jumpQuestion}</a>
        </li>
        <li>
          <a href="#care">{w.case.jumpRisk}</a>
        </li>
        <li>
          <a href="#notes">{w.case.jumpNotes}</a>
        </li>
      </ul>
    </nav>
  );
}
