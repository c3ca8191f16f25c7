// Everything behind the door: one live link for all screens, and the frame around them.
import { useEffect, useState } from "react";
import type { Me } from "../api/types";
import { ReportsPage } from "../features/reports/ReportsPage";
import { RotaPage } from "../features/rota/RotaPage";
import { RulesPage } from "../features/rules/RulesPage";
import { answers, seesCases } from "../live/cases";
import type { LiveClient } from "../live/client";
import { startInBrowser } from "../live/browser";
import { LiveProvider, useLive } from "../live/context";
import { Details, DetailsProvider } from "../live/details";
import { Announcer } from "../ui/announce";
import { useWords } from "../ui/words";
import { BoardPage } from "./BoardPage";
import { CasePage } from "./CasePage";
import { Bands } from "./Bands";
import { MinePage } from "./MinePage";
import { NotHere } from "./Plain";
import { Quiet } from "./Quiet";
import { StartPage } from "./StartPage";
import { Top } from "./Top";
import { type Route, routeOf, usePath } from "./route";

interface Props {
  me: Me;
  onSignOut: () => void;
  onSignedOut: () => void;
}

export function House({ me, onSignOut, onSignedOut }: Props) {
  const [client, setClient] = useState<LiveClient | null>(null);
  const [details] = useState(() => new Details());
  const sees = seesCases(me.person);

  useEffect(() => {
    if (!sees) return;
    const started = startInBrowser(onSignedOut);
    // The link lives exactly as long as this effect, so it can only be made here.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setClient(started);
    return () => started.stop();
  }, [sees, onSignedOut]);

  if (!sees) return <Quiet me={me} onSignOut={onSignOut} />;
  if (client === null) return null;
  return (
    <LiveProvider client={client}>
      <DetailsProvider details={details}>
        <Rooms me={me} onSignOut={onSignOut} />
      </DetailsProvider>
    </LiveProvider>
  );
}

function Rooms({ me, onSignOut }: Omit<Props, "onSignedOut">) {
  const w = useWords();
  const path = usePath();
  const { picture } = useLive();
  const route = homeOf(routeOf(path), me);
  const drill = picture?.service.drill ?? me.drill;
  const openCase = route.at === "case" ? route.id : null;

  useEffect(() => {
    const titles = {
      start: w.conversations,
      board: w.boardTitle,
      rota: w.rota.title,
      mine: w.rota.mineTitle,
      reports: w.reports.title,
      rules: w.rules.title,
      case: w.case.caseWord,
      nowhere: w.notHere,
    };
    document.title = `${titles[route.at]} - crisis_hub`;
  }, [route.at, w]);

  const skip = {
    case: ["#ask", w.skipToQuestion],
    board: ["#cases", w.skipToCases],
    rota: ["#rota", w.rota.skipToWeek],
    mine: ["#mine", w.rota.skipToMine],
    reports: ["#reports", w.reports.skip],
    rules: ["#rules-filter", w.rules.filter],
  };
  const [where, skipWords] = route.at in skip ? skip[route.at as keyof typeof skip] : ["#waiting", w.skipToWaiting];
  return (
    <div className={`screen${drill ? " is-drill" : ""}${route.at === "case" ? " console-page" : ""}`}>
      <a className="skip" href={where}>
        {skipWords}
      </a>
      <Announcer />
      <Bands drill={drill}>
        <Top me={me} route={route} openCase={openCase} service={picture?.service.name ?? me.service} onSignOut={onSignOut} />
      </Bands>
      {route.at === "start" && <StartPage me={me.person} />}
      {route.at === "board" && <BoardPage me={me.person} />}
      {route.at === "case" && <CasePage key={route.id} id={route.id} me={me.person} />}
      {route.at === "rota" && <RotaPage me={me.person} name={route.name} />}
      {route.at === "mine" && <MinePage me={me.person} />}
      {route.at === "reports" && <ReportsPage />}
      {route.at === "rules" && <RulesPage me={me.person} version={picture ? [picture.service.rules_version, ...picture.service.rules_problems].join("\n") : ""} />}
      {route.at === "nowhere" && <NotHere />}
    </div>
  );
}

/** The start is the console for whoever answers, and the board for whoever watches. */
function homeOf(route: Route, me: Me): Route {
  return route.at === "start" && !answers(me.person) ? { at: "board" } : route;
}
