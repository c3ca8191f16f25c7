// What a page is called and how it stands, in a few words. Pure.
import type { Escalation } from "../api/types";
import type { Words } from "../ui/words";

/** Ladders that this project ships, or that its floor knows; every other one goes by the name somebody gave it. */
const OWN: readonly string[] = ["clinical", "imminent", "supervisors"];

/** What a page is called: the usual words for the usual ladders, else the name of the ladder. */
export function pageName(escalation: Escalation, w: Words): string {
  if (!OWN.includes(escalation.ladder)) return w.ask.pageBy(escalation.ladder);
  return escalation.about === "risk" ? w.ask.clinicianPage : w.ask.page;
}

/** Whether somebody has it, in words. */
export function headline(escalation: Escalation, w: Words): string {
  switch (escalation.state) {
    case "running":
      return w.ask.nobodyYet;
    case "exhausted":
      return w.ask.nobodyCame;
    case "taken":
      return w.ask.hasIt(escalation.taken_by_name ?? "");
    case "stood_down":
      return w.ask.stoodDown;
  }
}
