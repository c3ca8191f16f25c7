import { describe, expect, it } from "vitest";
import { clock, dayAndTime, since, span, until } from "./time";

const NOW = Date.parse("2026-11-23T21:14:07Z");

describe("time in figures", () => {
  it.each([
    [0, "0:00"],
    [999, "0:00"],
    [41_000, "0:41"],
    [401_000, "6:41"],
    [3_600_000, "1:00:00"],
    [4_001_000, "1:06:41"],
    [-5_000, "0:00"], // clocks that differ a little
  ])("%i ms is %s", (ms, words) => {
    expect(span(ms)).toBe(words);
  });

  it("counts up from a moment", () => {
    expect(since("2026-11-23T21:12:15Z", NOW)).toBe("1:52");
  });

  it("counts down to a moment and shows the last second until it is over", () => {
    expect(until("2026-11-23T21:15:19Z", NOW)).toBe("1:12");
    expect(until("2026-11-23T21:14:07.400Z", NOW)).toBe("0:01");
    expect(until("2026-11-23T21:14:00Z", NOW)).toBe("0:00");
  });

  it("shows moments on the reader's own clock, with seconds", () => {
    const local = new Date(2026, 10, 23, 9, 5, 3);

    expect(clock(local.getTime())).toBe("09:05:03");
  });

  it("names the day only when it is another", () => {
    const now = new Date(2026, 10, 23, 12, 0);

    expect(dayAndTime(new Date(2026, 10, 23, 20, 0).toISOString(), now.getTime(), "en")).toBe("20:00");
    expect(dayAndTime(new Date(2026, 10, 26, 20, 0).toISOString(), now.getTime(), "en")).toBe("Thu 20:00");
  });
});
