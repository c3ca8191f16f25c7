import { describe, expect, it } from "vitest";
import { type Kept, lay } from "./held";

const kept = (...keys: string[]): Kept<string>[] => keys.map((key) => ({ key, value: `${key} before`, gone: false }));
const present = (...keys: string[]) => keys.map((key) => ({ key, value: `${key} now` }));

describe("rows under a pointer", () => {
  it("keep their place when their order changes, and show what is new in them", () => {
    const { rows } = lay(kept("a", "b"), present("b", "a"));

    expect(rows.map((row) => row.value)).toEqual(["a now", "b now"]);
  });

  it("stay, marked, when they are gone", () => {
    const { rows } = lay(kept("a", "b"), present("b"));

    expect(rows.map((row) => [row.key, row.gone])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it("are not pushed by new ones, which are counted", () => {
    const { rows, waiting } = lay(kept("b"), present("a", "b", "c"));

    expect(rows.map((row) => row.key)).toEqual(["b"]);
    expect(waiting).toBe(2);
  });
});
