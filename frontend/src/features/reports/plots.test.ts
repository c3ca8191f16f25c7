import { describe, expect, it } from "vitest";
import { perHour, top } from "./plots";

describe("figures made ready to be drawn", () => {
  it("have a place for every hour, also where nothing happened", () => {
    const found = perHour([{ hour: 3, pages: 2, taken: 1, median_seconds: 40, p90_seconds: 70, never_taken: 1 }]);

    expect(found).toHaveLength(24);
    expect(found.map((one) => one.pages).reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(found[3]?.never_taken).toBe(1);
  });

  it.each([
    [[], 1],
    [[0], 1],
    [[3], 5],
    [[7], 10],
    [[12, 18], 20],
    [[101], 200],
  ])("%j fit under %i", (values, round) => {
    expect(top(values)).toBe(round);
  });
});
