// The top bar: where one is, whether it is live, what time the service has, and what must be seen now.
import type { Me } from "../api/types";
import { answers, watches } from "../live/cases";
import { useClock, useLive } from "../live/context";
import { Mark } from "../ui/Mark";
import { OpensWide } from "../ui/OpensWide";
import { chooseLanguage, useLanguage } from "../ui/choice";
import { clock } from "../ui/time";
import { useWords } from "../ui/words";
import { AlarmLine } from "./AlarmLine";
import type { Route } from "./route";
import { useAlarms } from "./useAlarms";

interface Props {
  me: Me;
  route: Route;
  openCase: string | null;
  service: string;
  onSignOut: () => void;
}

export function Top({ me, route, openCase, service, onSignOut }: Props) {
  const w = useWords();
  const language = useLanguage();
  const alarms = useAlarms(me.person, openCase);
  const here = route.at === "case" ? (answers(me.person) ? "start" : "board") : route.at;
  const current = (at: Route["at"]) => (here === at ? { "aria-current": "page" as const } : {});
  return (
    <header className="top">
      <a className="brand" href="/">
        crisis_hub <span>{service}</span>
      </a>
      <OpensWide className="menu" summary={w.menu}>
        <nav aria-label={w.mainMenu}>
          <ul>
            {answers(me.person) && (
              <li>
                <a href="/" {...current("start")}>
                  {w.conversations}
                </a>
              </li>
            )}
            <li>
              <a href="/board" {...current("board")}>
                {w.boardTitle}
              </a>
            </li>
            <li>
              <a href="/rota" {...current("rota")}>
                {w.rota.menu}
              </a>
            </li>
            <li>
              <a href="/my-shifts" {...current("mine")}>
                {w.rota.mineMenu}
              </a>
            </li>
            {watches(me.person) && (
              <li>
                <a href="/reports" {...current("reports")}>
                  {w.reports.menu}
                </a>
              </li>
            )}
            <li>
              <a href="/rules" {...current("rules")}>
                {w.rules.menu}
              </a>
            </li>
          </ul>
          <ul className="menu-own">
            <li>
              <button type="button" className="inline-link" aria-pressed={alarms.sound} onClick={() => alarms.setSound(!alarms.sound)} title={alarms.sound ? w.soundTurnOff : w.soundTurnOn}>
                {alarms.sound ? w.soundOn : w.soundOff}
              </button>
            </li>
            <li>
              <button type="button" className="inline-link" lang={language === "en" ? "es" : "en"} onClick={() => chooseLanguage(language === "en" ? "es" : "en")}>
                {w.otherLanguage}
              </button>
            </li>
            <li>
              <button type="button" className="inline-link" onClick={onSignOut}>
                {w.signOut}
              </button>
            </li>
          </ul>
        </nav>
      </OpensWide>
      <AlarmLine alarms={alarms} />
      <div className="top-end">
        <LiveState />
        <Clock />
        <span className="who second">{me.person.name}</span>
      </div>
    </header>
  );
}

function Clock() {
  const now = useClock();
  return (
    <span className="num clock">
      <time dateTime={new Date(now).toISOString()}>{clock(now)}</time>
    </span>
  );
}

function LiveState() {
  const w = useWords();
  const { link, lastHeard } = useLive();
  const now = useClock();
  const seconds = Math.max(0, Math.floor((now - lastHeard) / 1000));
  return (
    <span className="live">
      <Mark shape={link === "live" ? "live" : "notlive"} />{" "}
      {link === "live" && w.live}
      {link === "connecting" && w.connecting}
      {link === "reconnecting" && <span className="num">{w.reconnecting(seconds)}</span>}
      {link === "not_live" && w.notLive}
      <span className="sr" role="status">
        {link === "live" ? w.live : link === "reconnecting" ? w.notLive : ""}
      </span>
    </span>
  );
}
