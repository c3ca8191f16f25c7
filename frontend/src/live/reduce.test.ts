// The same samples as the server's: tests/samples/live.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Board, LiveMessage } from "../api/types";
import { type Picture, pictureOf, reduce } from "./reduce";

interface Sample {
  what: string;
  before: Board | null;
  message: LiveMessage;
  after: Board | "again";
}

const FOLDER = join(import.meta.dirname, "../../../tests/samples/live");

function boardOf({ sequence, at, cases, on_call, service }: Picture): Board {
  return { sequence, at, cases: [...cases.values()].sort((a, b) => a.id.localeCompare(b.id)), on_call, service };
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".json"))) {
  describe(`samples: ${file}`, () => {
    const samples = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Sample[];
    it.each(samples)("$what", ({ before, message, after }) => {
      const reduced = reduce(before && pictureOf(before), message);

      if (after === "again") expect(reduced.again).toBe(true);
      else expect(reduced.picture && boardOf(reduced.picture)).toEqual(after);
    });
  });
}

describe("what is owed in closed cases", () => {
  const service = JSON.parse(readFileSync(join(FOLDER, "service.json"), "utf8")) as Sample[];
  const board = service[0]?.before;
  if (!board) throw new Error("No sample to begin with.");
  const after = (type: string) => {
    const before = pictureOf(board);
    return (reduce(before, { kind: "change", sequence: before.sequence + 1, type, case: null }).picture?.owed ?? 0) - before.owed;
  };

  it.each(["DutyOpened", "DutyMet", "DutyDeclineProposed", "DutyDeclined", "CaseClosed"])("may be another after %s", (type) => {
    expect(after(type)).toBe(1);
  });

  it("is the same after anything else, and is asked for anew with a new snapshot", () => {
    expect(after("MessageReceived")).toBe(0);
    expect(pictureOf({ ...board, sequence: board.sequence + 7 }).owed).toBe(board.sequence + 7);
  });
});

describe("heartbeats", () => {
  const service = JSON.parse(readFileSync(join(FOLDER, "service.json"), "utf8")) as Sample[];
  const board = service[0]?.before;
  if (!board) throw new Error("No sample to begin with.");
  const beat = (sequence: number): LiveMessage => ({ kind: "heartbeat", sequence, at: board.at });

  it("may run ahead of changes that are still on their way", () => {
    expect(reduce(pictureOf(board), beat(board.sequence + 3)).again).toBe(false);
  });

  it("show that something was lost when the next one comes and we are still behind", () => {
    const ahead = reduce(pictureOf(board), beat(board.sequence + 3)).picture;

    expect(reduce(ahead, beat(board.sequence + 3)).again).toBe(true);
  });
});
