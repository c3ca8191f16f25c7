import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Board, Case, Escalation, OwedDuty } from "../../api/types";
import { LONG_WAIT_MS, needsOf } from "./needs";
import { pictureOf } from "../../live/reduce";

const samples = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../../tests/samples/live/snapshot.json"), "utf8"),
) as { message: Board }[];
const board = samples[0]?.message;
const calm = board?.cases[0];
if (!board || !calm) throw new Error("No snapshot sample.");

const NOW = Date.parse("2026-11-23T21:20:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const ladder = (id: string, more: Partial<Escalation> = {}): Escalation => ({
  id,
  ladder: "clinical",
  urgency: "high",
  about: "risk",
  why: "",
  state: "running",
  step: 1,
  steps: [],
  started_at: ago(30),
  ended_at: null,
  taken_by: null,
  taken_by_name: null,
  taken_means: null,
  taken_at: null,
  takers: { needed: 1, have: [] },
  contact_due_at: null,
  seen_at: null,
  silent_taker: null,
  next: [],
  next_due_at: null,
  pages: [],
  ...more,
});
const kinds = (cases: Case[], more: Partial<Board> = {}) =>
  needsOf(pictureOf({ ...board, ...more, cases }), NOW).map((need) => ("case" in need ? `${need.kind} ${need.case.id}` : need.kind));

describe("what needs a supervisor", () => {
  it("is nothing on a calm night", () => {
    expect(kinds([calm])).toEqual([]);
  });

  it("puts alarms that nobody answered first, then whoever asked or was paged first, then waits", () => {
    const cases: Case[] = [
      { ...calm, id: "long", state: "waiting", waiting_since: ago(900) },
      { ...calm, id: "page", escalations: [ladder("e1", { started_at: ago(30) })] },
      { ...calm, id: "asks", assist_asked_at: ago(60), assist_asked_by: "Rosa" },
      { ...calm, id: "nobody", escalations: [ladder("e2", { state: "exhausted", started_at: ago(5) })] },
    ];

    expect(kinds(cases)).toEqual(["nobody_took nobody", "assist asks", "page page", "long_wait long"]);
  });

  it("names a case once, by the ladder that matters most", () => {
    const escalations = [ladder("e1"), ladder("e2", { urgency: "imminent" })];
    const [need] = needsOf(pictureOf({ ...board, cases: [{ ...calm, escalations }] }), NOW);

    expect(need).toMatchObject({ kind: "page", escalation: { id: "e2" } });
  });

  it("does not count a page that somebody took", () => {
    expect(kinds([{ ...calm, escalations: [ladder("e1", { state: "taken" })] }])).toEqual([]);
  });

  it("counts a wait only once it is long", () => {
    const waits = (ms: number): Case => ({ ...calm, state: "waiting", waiting_since: new Date(NOW - ms).toISOString() });

    expect(kinds([waits(LONG_WAIT_MS - 1000)])).toEqual([]);
    expect(kinds([waits(LONG_WAIT_MS)])).toEqual([`long_wait ${calm.id}`]);
  });

  it("shows long waits in the order in which they are answered, each as soon as it is too long for them", () => {
    const waits = (id: string, like: Case["risk"], seconds: number, longest: number): Case => ({
      ...calm,
      id,
      state: "waiting",
      waiting_since: ago(seconds),
      rank: { class: like, because: [], longest_wait_seconds: longest, overdue_at: ago(seconds - longest) },
    });
    const cases = [waits("low", "low", 200, 600), waits("high", "high", 150, 180), waits("now", "imminent", 61, 60), waits("new", "high", 20, 180)];

    expect(kinds(cases)).toEqual(["long_wait now", "long_wait high", "long_wait low"]);
  });

  it("shows what is owed and late once for a case, and each notice, and nothing that was settled", () => {
    const duty = (id: string, more: Partial<Case["duties"][number]>): Case["duties"][number] => ({
      id,
      kind: "report",
      of: "child",
      title: id,
      why: "",
      rule: "r1",
      state: "open",
      opened_at: ago(100),
      due_at: null,
      ended_at: null,
      by: null,
      by_name: null,
      second: null,
      second_name: null,
      decline_proposed_by: null,
      decline_proposed_by_name: null,
      needs_second: true,
      holds_the_case_open: false,
      words: "",
      ...more,
    });
    const duties = [
      duty("notice", { kind: "notify", of: "supervisor" }),
      duty("late", { due_at: ago(10) }),
      duty("later", { due_at: ago(50) }),
      duty("not yet", { due_at: ago(-10) }),
      duty("met", { due_at: ago(10), state: "met" }),
      duty("seen", { kind: "notify", of: "supervisor", state: "met" }),
    ];
    const needs = needsOf(pictureOf({ ...board, cases: [{ ...calm, duties }] }), NOW);

    expect(needs.map((need) => [need.kind, need.since])).toEqual([
      ["overdue", ago(50)],
      ["notice", ago(100)],
    ]);
    expect(needs[0]).toMatchObject({ duties: [{ id: "later" }, { id: "late" }] });
  });

  it("shows what a closed case owes and is late, once for that case, among what else is late", () => {
    const owed = (id: string, of: string, due: string | null) => ({ id, case: of, case_number: of, title: id, state: "open", due_at: due }) as OwedDuty;
    const list = [owed("late", "a", ago(50)), owed("later", "b", ago(40)), owed("latest", "a", ago(5)), owed("not yet", "a", ago(-5)), owed("no hour", "b", null)];
    const cases: Case[] = [{ ...calm, id: "asks", assist_asked_at: ago(60) }, { ...calm, id: "broken", opened_at: ago(45), broken_rules: ["r1"] }];
    const needs = needsOf(pictureOf({ ...board, cases }), NOW, list);

    expect(needs.map((need) => [need.kind, need.since])).toEqual([
      ["assist", ago(60)],
      ["late_after_closing", ago(50)],
      ["broken_rule", ago(45)],
      ["late_after_closing", ago(40)],
    ]);
    expect(needs[1]).toMatchObject({ duties: [{ id: "late" }, { id: "latest" }] });
  });

  it("shows a rule that could not be judged, a rota without anybody, and what does not work", () => {
    const more = {
      on_call: [{ rota: "clinicians", people: [], until: null, next: [], trouble: null, by_last_resort: false, lacking: true }],
      service: { ...board.service, troubles: ["The carrier does not answer."], rules_problems: ["a.yaml:3"] },
    };

    expect(kinds([{ ...calm, broken_rules: ["r1"] }], more)).toEqual([
      `broken_rule ${calm.id}`,
      "nobody_on_call",
      "trouble",
      "rules_refused",
    ]);
  });

  it("counts the last resort as nobody, says what a rota lacks, and says nothing of it twice", () => {
    const rota = (more: Partial<Board["on_call"][number]>) => ({ rota: "clinicians", people: [{ id: "sam", name: "Sam" }], until: null, next: [], trouble: null, by_last_resort: false, lacking: false, ...more });
    const service = { ...board.service, troubles: ["Nobody is on call on Thursday."] };

    expect(kinds([], { on_call: [rota({})] })).toEqual([]);
    expect(kinds([], { on_call: [rota({ by_last_resort: true })] })).toEqual(["nobody_on_call"]);
    expect(kinds([], { on_call: [rota({ lacking: true, trouble: "Nobody is on call on Thursday." })], service })).toEqual(["rota_lacks"]);
  });
});
