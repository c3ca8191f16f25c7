import { describe, expect, it } from "vitest";
import type { RotaCalendar } from "../../api/types";
import { type Piece, days, holes, ofLayer, row, whoAnswers } from "./week";

const DAY = 86_400_000;
const ANA = { id: "ana", name: "Ana" };
const BEN = { id: "ben", name: "Ben" };
const piece = (key: string, start: number, end: number): Piece => ({ key, start, end, who: key, short: key, kind: "shift" });
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 10, 23 + day, hour)).toISOString();
const calendar = (more: Partial<RotaCalendar> = {}): RotaCalendar => ({
  rota: "clinicians",
  timezone: "UTC",
  from: at(0),
  to: at(7),
  now: { rota: "clinicians", people: [], next: [], until: null, lacking: false, by_last_resort: false, trouble: null },
  spans: [],
  layers: [],
  shifts: [],
  gaps: [],
  overrides: [],
  covers: [],
  leave: [],
  ...more,
});

describe("a row of the week", () => {
  it("cuts what reaches over the edges, and leaves out what does not touch it", () => {
    const { bars } = row("first", [piece("a", -DAY, DAY), piece("b", 6 * DAY, 9 * DAY), piece("c", 7 * DAY, 8 * DAY)], 0, 7 * DAY);

    expect(bars.map((bar) => [bar.key, Math.round(bar.from * 7), Math.round(bar.to * 7)])).toEqual([
      ["a", 0, 1],
      ["b", 6, 7],
    ]);
  });

  it("puts stretches of the same time one above the other", () => {
    const { bars, lanes } = row("covers", [piece("a", 0, 2 * DAY), piece("b", DAY, 3 * DAY), piece("c", 2 * DAY, 4 * DAY)], 0, 7 * DAY);

    expect(bars.map((bar) => bar.lane)).toEqual([0, 1, 0]);
    expect(lanes).toBe(2);
  });
});

describe("who answers", () => {
  it("says where nobody does, as a bar of its own", () => {
    const found = whoAnswers(
      calendar({ spans: [{ start: at(0), end: at(3), people: [ANA, BEN], by_last_resort: false }], gaps: [{ start: at(3), end: at(4) }] }),
      "Nobody",
      (names) => `last: ${names}`,
    );

    expect(found.map((one) => [one.kind, one.who])).toEqual([
      ["shift", "Ana, Ben"],
      ["gap", "Nobody"],
    ]);
  });

  it("names the last resort where only they answer, and still counts it as a hole", () => {
    const of = calendar({
      spans: [{ start: at(3), end: at(4), people: [BEN], by_last_resort: true }],
      gaps: [{ start: at(3), end: at(4) }],
    });

    expect(whoAnswers(of, "Nobody", (names) => `last: ${names}`).map((one) => [one.kind, one.who])).toEqual([["last", "last: Ben"]]);
    expect(holes(of)).toEqual([{ start: at(3), end: at(4) }]);
  });

  it("counts a hole once, however it is told", () => {
    const of = calendar({
      gaps: [{ start: at(3), end: at(4) }],
      spans: [{ start: at(3), end: at(4), people: [], by_last_resort: false }, { start: at(4), end: at(5), people: [], by_last_resort: false }],
    });

    expect(holes(of)).toEqual([{ start: at(3), end: at(5) }]);
  });
});

it("marks one's own shifts", () => {
  const of = calendar({ layers: [{ name: "first", shifts: [{ person: ANA, start: at(0), end: at(1) }, { person: BEN, start: at(1), end: at(2) }] }] });

  expect(ofLayer(of, "first", "ben").map((one) => [one.who, one.kind])).toEqual([
    ["Ana", "shift"],
    ["Ben", "mine"],
  ]);
});

it("draws a day of 25 hours so wide", () => {
  const begins = days(Date.parse("2026-10-26T05:00:00Z"), "America/Chicago");

  expect(begins.slice(1).map((day, index) => (day - (begins[index] ?? 0)) / 3_600_000)).toEqual([24, 24, 24, 24, 24, 24]);
  expect(Date.parse("2026-11-02T06:00:00Z") - (begins[6] ?? 0)).toBe(25 * 3_600_000);
});
