// What is worth a sound: seen by laying two pictures beside each other. Pure.
import type { Case, Person } from "../api/types";
import { answers, pageFor, running, watches } from "./cases";
import type { Picture } from "./reduce";

export interface Alarm {
  /** Says what it is about, so that the same thing never sounds twice. */
  key: string;
  level: "imminent" | "high";
  why: "risk" | "page" | "nobody";
  case: string;
  number: string;
  drill: boolean;
}

/** Alarms that begin with `after`. The first picture rings nobody: what stands there is on the screen already. */
export function newAlarms(before: Picture | null, after: Picture, me: Person, openCase: string | null): Alarm[] {
  if (before === null) return [];
  const found: Alarm[] = [];
  for (const [id, now] of after.cases) {
    const was = before.cases.get(id);
    if (was === now) continue;
    found.push(...ofRisk(was, now, me, openCase), ...ofPages(was, now, me));
  }
  return found;
}

function ofRisk(was: Case | undefined, now: Case, me: Person, openCase: string | null): Alarm[] {
  if (now.risk !== "imminent" && now.risk !== "high") return [];
  if (was?.risk === now.risk || (was?.risk === "imminent" && now.risk === "high")) return [];
  const mine = now.responder === me.id && now.id !== openCase;
  if (!mine && !(watches(me) && now.id !== openCase)) return [];
  return [alarm(now, now.risk, "risk", now.risk_since ?? "")];
}

function ofPages(was: Case | undefined, now: Case, me: Person): Alarm[] {
  const found: Alarm[] = [];
  for (const escalation of running(now)) {
    const earlier = was?.escalations.find((one) => one.id === escalation.id);
    const page = pageFor(escalation, me);
    if (page && !earlier?.pages.some((one) => one.id === page.id)) found.push(alarm(now, "imminent", "page", page.id));
    // The last rung is an alarm at every desk.
    if (escalation.state === "exhausted" && earlier?.state !== "exhausted" && (watches(me) || answers(me))) {
      found.push(alarm(now, "imminent", "nobody", escalation.id));
    }
  }
  return found;
}

function alarm(of: Case, level: Alarm["level"], why: Alarm["why"], once: string): Alarm {
  return { key: `${why} ${of.id} ${once} ${level}`, level, why, case: of.id, number: of.number, drill: of.drill };
}
