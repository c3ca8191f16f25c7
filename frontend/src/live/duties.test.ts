import { describe, expect, it } from "vitest";
import type { Duty, Person } from "../api/types";
import { formOf, holdsOpen, isFor, isOverdue, maySecond, owed, settled, withWords } from "./duties";

const duty = (id: string, more: Partial<Duty> = {}): Duty => ({
  id,
  kind: "consult",
  of: "",
  title: id,
  why: "Because.",
  rule: "r1",
  state: "open",
  opened_at: "2026-11-23T20:00:00Z",
  due_at: null,
  ended_at: null,
  by: null,
  by_name: null,
  second: null,
  second_name: null,
  decline_proposed_by: null,
  decline_proposed_by_name: null,
  needs_second: false,
  holds_the_case_open: false,
  words: "",
  ...more,
});
const person = (id: string, ...roles: Person["roles"]): Person => ({ id, name: id, role: roles[0] ?? "responder", roles, languages: ["en"] });
const ids = (duties: Duty[]) => duties.map((one) => one.id);

describe("what is still owed", () => {
  it("puts emergency services first, then what holds the case open, then reports, calls back and notices", () => {
    const all = [
      duty("notice", { kind: "notify" }),
      duty("follow-up", { kind: "follow_up" }),
      duty("report", { kind: "report" }),
      duty("ask", { kind: "ask" }),
      duty("consult"),
      duty("emergency", { kind: "emergency" }),
    ];

    expect(ids(owed(all))).toEqual(["emergency", "consult", "ask", "report", "follow-up", "notice"]);
  });

  it("puts the sooner due first among its kind, and what has no hour last", () => {
    const all = [
      duty("none", { kind: "report" }),
      duty("later", { kind: "report", due_at: "2026-11-25T08:00:00Z" }),
      duty("sooner", { kind: "report", due_at: "2026-11-23T21:00:00Z" }),
    ];

    expect(ids(owed(all))).toEqual(["sooner", "later", "none"]);
  });

  it("leaves out what was done or declined, which stands below with the latest first", () => {
    const all = [
      duty("met", { state: "met", ended_at: "2026-11-23T20:10:00Z" }),
      duty("open"),
      duty("declined", { state: "declined", ended_at: "2026-11-23T20:20:00Z" }),
    ];

    expect(ids(owed(all))).toEqual(["open"]);
    expect(ids(settled(all))).toEqual(["declined", "met"]);
  });

  it("holds a case open only by what the server says holds it, while it is open", () => {
    const duties = [
      duty("held", { holds_the_case_open: true }),
      duty("met", { holds_the_case_open: true, state: "met" }),
      duty("report", { kind: "report" }),
    ];

    expect(ids(holdsOpen({ duties } as Parameters<typeof holdsOpen>[0]))).toEqual(["held"]);
  });

  it("is late from the very moment on, and never once it is settled", () => {
    const due = duty("report", { due_at: "2026-11-23T21:00:00Z" });
    const at = Date.parse("2026-11-23T21:00:00Z");

    expect([isOverdue(due, at - 1000), isOverdue(due, at), isOverdue({ ...due, state: "met" }, at)]).toEqual([false, true, false]);
  });
});

describe("the words of a duty", () => {
  it("come from what was fetched, as long as nothing has changed since", () => {
    const fetched = [duty("a", { decline_proposed_by: "rosa", words: "They walked out.", decline_proposed_by_name: "Rosa" })];
    const live = (more: Partial<Duty>) => withWords([duty("a", more)], fetched)[0];

    expect(live({ decline_proposed_by: "rosa" })?.words).toBe("They walked out.");
    expect(live({ decline_proposed_by: "sam" })?.words).toBe("");
    expect(live({ state: "met", decline_proposed_by: null })).toMatchObject({ state: "met", words: "" });
  });
});

describe("who may say what", () => {
  const proposed = duty("e", { kind: "emergency", needs_second: true, decline_proposed_by: "rosa" });

  it("lets the second person be another one, and only who may agree", () => {
    expect(maySecond(proposed, person("sam", "supervisor"))).toBe(true);
    expect(maySecond(proposed, person("rosa", "responder", "supervisor"))).toBe(false);
    expect(maySecond(proposed, person("tom", "responder"))).toBe(false);
    expect(maySecond({ ...proposed, decline_proposed_by: null }, person("sam", "supervisor"))).toBe(false);
  });

  it("gives a notice to the role it is for", () => {
    const notice = duty("n", { kind: "notify", of: "supervisor" });

    expect(isFor(notice, person("sam", "supervisor"))).toBe(true);
    expect(isFor(notice, person("rosa", "responder"))).toBe(false);
  });
});

describe("the form of a report", () => {
  const forms = ["duty_to_protect", "mandated_report"];

  it.each([
    ["duty_to_protect", "duty_to_protect"],
    ["child.oral", "mandated_report"],
    ["elder", "mandated_report"],
  ])("for %s is %s", (of, form) => {
    expect(formOf(duty("r", { kind: "report", of }), forms)).toBe(form);
  });

  it("is none where the folder has none", () => {
    expect(formOf(duty("r", { kind: "report", of: "child" }), ["else"])).toBeNull();
  });
});
