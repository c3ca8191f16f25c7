// The frame for whoever sees no case (administrators, auditors): without the live picture, which is not for them.
import { useEffect } from "react";
import type { Me } from "../api/types";
import { RulesPage } from "../features/rules/RulesPage";
import { useWords } from "../ui/words";
import { NoScreen } from "./Plain";
import { routeOf, usePath } from "./route";

export function Quiet({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const w = useWords();
  const atRules = routeOf(usePath()).at === "rules";

  useEffect(() => {
    document.title = `${atRules ? w.rules.title : me.person.name} - crisis_hub`;
  }, [atRules, me, w]);

  return (
    <div className={atRules ? "screen" : "door"}>
      {atRules && (
        <a className="skip" href="#rules-filter">
          {w.rules.filter}
        </a>
      )}
      <header className="top">
        <a className="brand" href="/">
          crisis_hub <span>{me.service}</span>
        </a>
        <nav className="menu" aria-label={w.mainMenu}>
          <ul>
            <li>
              <a href="/rules" {...(atRules ? { "aria-current": "page" as const } : {})}>
                {w.rules.menu}
              </a>
            </li>
          </ul>
        </nav>
        <button type="button" className="inline-link" onClick={onSignOut}>
          {w.signOut}
        </button>
      </header>
      {atRules ? <RulesPage me={me.person} version="" /> : <NoScreen me={me} />}
    </div>
  );
}
