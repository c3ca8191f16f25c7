import { describe, expect, it } from "vitest";
import type { Duty } from "../../api/types";
import { wordsOf } from "../../ui/words";
import { dueWords, longFor } from "./due";

const w = wordsOf("en");
const NOW = new Date(2026, 10, 23, 12, 0).getTime();
const due = (minutes: number | null, kind: Duty["kind"] = "report") =>
  dueWords({ kind, due_at: minutes === null ? null : new Date(NOW + minutes * 60_000).toISOString() } as Duty, NOW, "en", w);

describe("when something is due", () => {
  it.each([
    [0, "0 min"],
    [1, "1 min"],
    [60_000, "1 min"],
    [61_000, "2 min"],
    [3_600_000, "1 h"],
    [4_800_000, "1 h 20 min"],
  ])("%i ms are %s", (ms, words) => {
    expect(longFor(ms, w)).toBe(words);
  });

  it("is said as what is left and as the exact time", () => {
    expect(due(90)).toEqual({ words: "Due in 1 h 30 min, at 13:30", late: false });
    expect(due(36 * 60)?.words).toBe("Due in 36 h, at Wed 00:00");
  });

  it("is said to be late once the time has come", () => {
    expect(due(0)).toEqual({ words: "Overdue for 0 min, since 12:00", late: true });
    expect(due(-75)?.words).toBe("Overdue for 1 h 15 min, since 10:45");
  });

  it("is said to be unknown of a report without an hour, and not mentioned of other things", () => {
    expect(due(null)?.words).toBe("No due time is known");
    expect(due(null, "consult")).toBeNull();
  });
});
