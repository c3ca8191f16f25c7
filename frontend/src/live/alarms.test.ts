import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Board, Case, Escalation, Person, Role } from "../api/types";
import { newAlarms } from "./alarms";
import { pictureOf } from "./reduce";

const sample = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../tests/samples/live/snapshot.json"), "utf8")) as {
    message: Board;
  }[]
)[0];
if (!sample?.message.cases[0]) throw new Error("No snapshot sample.");
const base: Board = sample.message;
const calm: Case = sample.message.cases[0];

const person = (id: string, role: Role): Person => ({ id, name: id, role, roles: [role], languages: ["en"] });
const supervisor = person("p-lind", "supervisor");
const responder = person("p-ruiz", "responder");
const clinician = person("p-osei", "clinician");

const picture = (...cases: Case[]) => pictureOf({ ...base, cases });
const ladder = (state: Escalation["state"], paged: string[]): Escalation => ({
  id: "e1",
  ladder: "clinical",
  urgency: "high",
  about: "risk",
  why: "",
  state,
  step: 1,
  steps: [],
  started_at: base.at,
  ended_at: null,
  taken_by: null,
  taken_by_name: null,
  taken_means: null,
  taken_at: null,
  next_due_at: null,
  takers: { needed: 1, have: [] },
  contact_due_at: null,
  seen_at: null,
  silent_taker: null,
  next: [],
  pages: paged.map((id) => ({ id: `page-${id}`, step: 1, person: id, name: id, state: "open", at: base.at, attempts: [] })),
});

describe("alarms", () => {
  it("ring for nobody with the first picture: it is on the screen already", () => {
    expect(newAlarms(null, picture({ ...calm, risk: "imminent" }), supervisor, null)).toEqual([]);
  });

  it("ring for who watches when a case becomes imminent", () => {
    const found = newAlarms(picture(calm), picture({ ...calm, risk: "imminent" }), supervisor, null);

    expect(found.map((one) => [one.level, one.why, one.number])).toEqual([["imminent", "risk", calm.number]]);
  });

  it("do not ring for a risk that only fell", () => {
    expect(newAlarms(picture({ ...calm, risk: "imminent" }), picture({ ...calm, risk: "high" }), supervisor, null)).toEqual([]);
  });

  it("do not ring at the responder whose screen shows the case already", () => {
    expect(newAlarms(picture(calm), picture({ ...calm, risk: "imminent" }), responder, calm.id)).toEqual([]);
  });

  it("ring for a clinician only when they are paged themselves", () => {
    const paged = { ...calm, escalations: [ladder("running", [clinician.id])] };
    const other = { ...calm, escalations: [ladder("running", ["p-hollis"])] };

    expect(newAlarms(picture(calm), picture(paged), clinician, null).map((one) => one.why)).toEqual(["page"]);
    expect(newAlarms(picture(calm), picture(other), clinician, null)).toEqual([]);
  });

  it("ring at every desk when nobody took the page", () => {
    const before = { ...calm, escalations: [ladder("running", [])] };
    const after = { ...calm, escalations: [ladder("exhausted", [])] };

    expect(newAlarms(picture(before), picture(after), responder, null).map((one) => one.why)).toEqual(["nobody"]);
  });

  it("ring once for one thing", () => {
    const imminent = { ...calm, risk: "imminent" as const };

    expect(newAlarms(picture(imminent), picture({ ...imminent, sequence: 99 }), supervisor, null)).toEqual([]);
  });
});
