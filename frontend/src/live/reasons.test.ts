import { describe, expect, it } from "vitest";
import { wordsOf } from "../ui/words";
import { reasonsOf } from "./Reasons";
import type { Placed } from "./turn";

const SINCE = Date.parse("2026-11-23T21:00:00Z");
const waits: Placed = {
  id: "case-a",
  state: "waiting",
  risk: "not_assessed",
  opened_at: "2026-11-23T21:00:00Z",
  waiting_since: "2026-11-23T21:00:00Z",
  rank: {
    class: "high",
    because: [
      { reason: "danger", words: "Their words speak of danger" },
      { reason: "hung_up", words: "Hung up: call back" },
    ],
    longest_wait_seconds: 300,
    overdue_at: "2026-11-23T21:05:00Z",
  },
};

describe("the reasons beside somebody who waits", () => {
  it("say that the wait is too long as soon as it is, with nothing said by the server", () => {
    expect(reasonsOf(waits, SINCE + 299_000, wordsOf("en")).late).toBe("");
    expect(reasonsOf(waits, SINCE + 300_000, wordsOf("en")).late).toBe("Past the longest wait of 5 min.");
  });

  it("are told in the reader's language", () => {
    expect(reasonsOf(waits, SINCE, wordsOf("en")).standing).toBe("Their words speak of danger. Hung up: call back.");
    expect(reasonsOf(waits, SINCE + 300_000, wordsOf("es"))).toEqual({
      late: "Pasada la espera máxima de 5 min.",
      standing: "Sus palabras hablan de peligro. Colgó: devolver la llamada.",
    });
  });

  it("leave out what stands beside them already, and only that", () => {
    const rank = { ...waits.rank, because: [{ reason: "not_assessed" as const, words: "" }, { reason: "hung_up" as const, words: "" }] };
    const of = { ...waits, rank } as Placed;

    expect(reasonsOf(of, SINCE, wordsOf("en")).standing).toBe("Not assessed yet. Hung up: call back.");
    expect(reasonsOf(of, SINCE, wordsOf("en"), "not_assessed").standing).toBe("Hung up: call back.");
  });

  it("are none where nobody waits", () => {
    expect(reasonsOf({ ...waits, state: "active", rank: null }, SINCE, wordsOf("en"))).toEqual({ late: "", standing: "" });
  });
});
