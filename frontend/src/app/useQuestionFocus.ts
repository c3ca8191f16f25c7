// Where the focus goes when a question appears: into its answers, if this person asked for it and did not go elsewhere since.
// News moves nothing. Only whose place is gone with a question stands on the title of the next one, where no digit answers.
import { useEffect, useRef, useState } from "react";
import type { Stand } from "../features/assessment/Ask";

export interface QuestionFocus {
  /** This person asks for a question, from where they stand now. */
  wish: () => void;
  /** It was refused: nothing will come of it. */
  forget: () => void;
  /** Asked by a question when it appears. */
  stand: Stand;
}

export function useQuestionFocus(atFirst: boolean): QuestionFocus {
  // Where this person stood when they asked; null when they did not.
  const from = useRef<Element | null>(null);
  const seenOne = useRef(false);
  const [wishesAtFirst] = useState(atFirst);

  useEffect(() => {
    if (wishesAtFirst) from.current = document.activeElement ?? document.body;
  }, [wishesAtFirst]);

  const [focus] = useState<QuestionFocus>(() => ({
    wish: () => {
      from.current = document.activeElement ?? document.body;
    },
    forget: () => {
      from.current = null;
    },
    stand: () => {
      const [asked, first] = [from.current, !seenOne.current];
      from.current = null;
      seenOne.current = true;
      const at = document.activeElement;
      const nowhere = at === null || at === document.body;
      if (asked !== null && (nowhere || at === asked || at.closest(".pane-ask") !== null)) return "answers";
      return nowhere && !first ? "title" : "elsewhere";
    },
  }));
  return focus;
}
