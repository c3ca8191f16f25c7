import { describe, expect, it } from "vitest";
import type { Attempt, Escalation } from "../../api/types";
import { headline, pageName } from "../../live/pages";
import { wordsOf } from "../../ui/words";
import { attemptWords, begun, nextTries, stepAt, thenWords, took } from "./ladder";

const w = wordsOf("en");
const AT = "2026-11-23T21:13:19Z";
const attempt = (more: Partial<Attempt>): Attempt => ({
  id: "a",
  method: "sms",
  state: "planned",
  at: AT,
  detail: "",
  carrier_id: null,
  try: 1,
  planned_at: AT,
  after_seconds: 0,
  merged_into: null,
  ...more,
});
const step = (number: number, words: string) => ({
  number,
  targets: [{ kind: "role", name: words, words }],
  wait_seconds: 120,
  takers: 1,
  nobody: false,
  taken_at: number === 1 ? AT : null,
  due_at: null,
});
const ladder = (more: Partial<Escalation> = {}): Escalation => ({
  id: "e",
  ladder: "clinical",
  urgency: "high",
  about: "risk",
  why: "",
  state: "running",
  step: 1,
  steps: [step(1, "clinicians"), step(2, "every supervisor"), step(3, "everybody")],
  started_at: AT,
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
  next_due_at: "2026-11-23T21:15:19Z",
  pages: [],
  ...more,
});

describe("an attempt in words", () => {
  it.each([
    [attempt({}), "text not sent yet"],
    [attempt({ state: "sent" }), "text sent"],
    [attempt({ state: "delivered" }), "text delivered"],
    [attempt({ method: "push", state: "sent" }), "notification handed over; this way tells nothing more"],
    [attempt({ method: "email", state: "sent" }), "e-mail handed over; this way tells nothing more"],
    [attempt({ method: "email", state: "taken" }), "e-mail taken"],
    [attempt({ method: "voice", state: "sent" }), "call placed, not answered"],
    [attempt({ method: "voice", state: "delivered" }), "call answered, no digit yet"], // it may be a voicemail
    [attempt({ method: "voice", state: "failed", detail: "busy" }), "call failed (busy)"],
    [attempt({ method: "voice", state: "failed", detail: "canceled" }), "call stopped"], // by us, since somebody took it
    [attempt({ method: "voice", state: "failed", detail: "no-answer" }), "call failed (nobody answered)"],
    [attempt({ state: "failed", detail: "30007" }), "text failed (30007)"], // the carrier's own word, where we have none
    [attempt({ method: "voice", state: "sent", try: 2 }), "call placed, not answered, 2. try"],
    [attempt({ state: "unknown" }), "text not known whether sent"],
  ])("%#: says what was acknowledged, never what was meant", (one, words) => {
    expect(attemptWords(one, w)).toBe(words);
  });
});

describe("a ladder in words", () => {
  it("says whom it goes to next, and when there is nobody more, that it becomes an alarm", () => {
    expect(thenWords(ladder(), w)).toBe("then it goes to every supervisor as well");
    expect(thenWords(ladder({ step: 3 }), w)).toBe("then it is an alarm at every desk");
  });

  it.each([
    [{ ladder: "clinical" }, "Clinician page"],
    [{ ladder: "imminent" }, "Clinician page"],
    [{ ladder: "supervisors", about: "rule" }, "Page"],
    [{ ladder: "youth" }, "Page “youth”"],
    [{ ladder: "youth", about: "rule" }, "Page “youth”"],
  ])("%#: goes by the usual words, or by the name that somebody gave it", (more, words) => {
    expect(pageName(ladder(more as Partial<Escalation>), w)).toBe(words);
  });

  it("says in full that nobody has it yet", () => {
    expect(headline(ladder(), w)).toBe("nobody has it yet");
    expect(headline(ladder({ state: "taken", taken_by_name: "Dr. Osei" }), w)).toBe("Dr. Osei has it");
  });

  it("reckons when later steps are due, from the step that runs", () => {
    const one = ladder();
    const at = one.steps.map((each) => stepAt(one, each)).map((ms) => ms && new Date(ms).toISOString().slice(11, 19));

    expect(at).toEqual(["21:13:19", "21:15:19", "21:17:19"]);
  });

  it("promises no time for later steps once it no longer runs", () => {
    const taken = ladder({ state: "taken" });
    const second = taken.steps[1];

    expect(second && stepAt(taken, second)).toBeNull();
  });
});

describe("a try", () => {
  const NOW = Date.parse(AT) + 30_000;

  it("took as long as its latest word needed, and is waited for until there is a last one", () => {
    expect(took(attempt({ state: "delivered", at: "2026-11-23T21:13:23Z" }), NOW)).toEqual({ ms: 4_000, over: true });
    expect(took(attempt({ state: "sent", at: "2026-11-23T21:13:20Z" }), NOW)).toEqual({ ms: 30_000, over: false });
  });

  it("counts from when it was planned, where that is known", () => {
    const one = attempt({ state: "delivered", at: "2026-11-23T21:13:23Z", planned_at: "2026-11-23T21:13:21Z" });

    expect(took(one, NOW).ms).toBe(2_000);
  });

  it("to come is named with whom and how; that the ladder goes on is said elsewhere", () => {
    const next = [
      { at: "2026-11-23T21:14:00Z", step: 1, person: { id: "ana", name: "Ana" }, method: "voice" as const, whom: "Ana" },
      { at: "2026-11-23T21:15:00Z", step: 2, person: null, method: null, whom: "every supervisor" },
    ];

    expect(nextTries(ladder({ next }), w).map((each) => each.words)).toEqual(["next: call to Ana"]);
    expect(nextTries(ladder(), w)).toEqual([]);
  });

  it("whose time has not come is not told as if it had been made", () => {
    const later = attempt({ method: "voice", planned_at: "2026-11-23T21:14:19Z" });

    expect(begun(later, NOW)).toBe(false);
    expect(begun(later, Date.parse(later.planned_at))).toBe(true);
  });

  it("that was spared, because another text said it as well, says so", () => {
    expect(attemptWords(attempt({ state: "sent", merged_into: "b" }), w)).toBe("text said in another text");
  });
});

describe("a way that gives no receipt", () => {
  it.each(["push", "email"] as const)("does not seem to be waited for by %s once it was handed over", (method) => {
    const later = Date.parse(AT) + 600_000;
    const at = new Date(Date.parse(AT) + 2_000).toISOString();
    expect(took(attempt({ method, state: "sent", at }), later)).toEqual({ ms: 2_000, over: true });
    expect(took(attempt({ method: "sms", state: "sent", at }), later)).toEqual({ ms: 600_000, over: false });
  });
});
