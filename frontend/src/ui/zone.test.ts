import { describe, expect, it } from "vitest";
import { daysLater, fromField, fromWall, momentThere, placeOf, startOfDay, startOfWeek, stretchThere, timeThere, toField } from "./zone";

const CHICAGO = "America/Chicago";
const iso = (at: number) => new Date(at).toISOString();

describe("the clock of another place", () => {
  it.each([
    ["2026-11-23T05:30:00Z", CHICAGO, "2026-11-22T06:00:00.000Z"], // still Sunday there
    ["2026-11-23T06:00:00Z", CHICAGO, "2026-11-23T06:00:00.000Z"],
    ["2026-03-08T12:00:00Z", CHICAGO, "2026-03-08T06:00:00.000Z"], // the day of 23 hours begins in winter time
    ["2026-11-01T12:00:00Z", CHICAGO, "2026-11-01T05:00:00.000Z"], // and the one of 25 in summer time
    ["2026-03-08T12:00:00Z", "America/Havana", "2026-03-08T05:00:00.000Z"], // no midnight there that day: it begins at one
  ])("knows when the day of %s in %s begins", (at, zone, begins) => {
    expect(iso(startOfDay(Date.parse(at), zone))).toBe(begins);
  });

  it("counts days by the calendar, not by 24 hours", () => {
    const monday = startOfWeek(Date.parse("2026-03-08T20:00:00Z"), CHICAGO);

    expect(iso(monday)).toBe("2026-03-02T06:00:00.000Z");
    expect(iso(daysLater(monday, 7, CHICAGO))).toBe("2026-03-09T05:00:00.000Z");
  });

  it("takes the first of two moments that show the same, and shows both alike", () => {
    const first = fromWall(Date.parse("2026-11-01T01:30:00Z"), CHICAGO);

    expect(iso(first)).toBe("2026-11-01T06:30:00.000Z");
    expect([timeThere(first, CHICAGO), timeThere(first + 3_600_000, CHICAGO)]).toEqual(["01:30", "01:30"]);
  });

  it("reads a field as it was written", () => {
    const typed = "2026-11-26T20:00";

    expect(fromField(typed, CHICAGO)).toBe("2026-11-27T02:00:00.000Z");
    expect(toField(Date.parse("2026-11-27T02:00:00Z"), CHICAGO)).toBe(typed);
    expect(fromField("", CHICAGO)).toBeNull();
  });

  it("says moments and places as people do", () => {
    expect(momentThere(Date.parse("2026-11-27T02:00:00Z"), CHICAGO, "en")).toBe("Thu 26 Nov, 20:00");
    expect(stretchThere({ start: "2026-11-26T14:00:00Z", end: "2026-11-27T02:00:00Z" }, CHICAGO, "en")).toEqual(["Thu 26 Nov, 08:00", "20:00"]);
    expect(stretchThere({ start: "2026-11-27T02:00:00Z", end: "2026-11-27T14:00:00Z" }, CHICAGO, "en")).toEqual(["Thu 26 Nov, 20:00", "Fri 27 Nov, 08:00"]);
    expect(placeOf("America/New_York")).toBe("New York");
  });
});
