// Seven days as bars: which stretch stands where, from 0 (the week begins) to 1 (it ends). Pure.
import type { RotaCalendar, Stretch } from "../../api/types";
import { startOfDay, daysLater } from "../../ui/zone";

export type Kind = "shift" | "gap" | "cover" | "leave" | "mine" | "last";

export interface Piece {
  key: string;
  start: number;
  end: number;
  who: string;
  /** Where there is no room for all of it. */
  short: string;
  kind: Kind;
}

/** What a person is called where room is short. */
export const surname = (name: string): string => name.split(" ").at(-1) ?? name;

export interface Bar extends Piece {
  from: number;
  to: number;
  /** Stretches at the same time stand one above the other. */
  lane: number;
}

export interface Row {
  key: string;
  lanes: number;
  bars: Bar[];
}

export const ms = (moment: string): number => Date.parse(moment);

/** The pieces that touch the week, cut to it, each in the first lane that is free. */
export function row(key: string, pieces: readonly Piece[], from: number, to: number): Row {
  const ends: number[] = [];
  const bars = pieces
    .filter((one) => one.end > from && one.start < to)
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((one) => {
      const [start, end] = [Math.max(one.start, from), Math.min(one.end, to)];
      const free = ends.findIndex((taken) => taken <= start);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = end;
      return { ...one, from: (start - from) / (to - from), to: (end - from) / (to - from), lane };
    });
  return { key, bars, lanes: Math.max(1, ends.length) };
}

/** Who answers, after covers; where nobody does, that is a bar of its own. */
export function whoAnswers(calendar: RotaCalendar, nobody: string, lastResort: (names: string) => string): Piece[] {
  const answered = calendar.spans
    .filter((one) => one.people.length > 0)
    .map((one, index): Piece => {
      const names = one.people.map((person) => person.name).join(", ");
      return {
        key: `who ${index}`,
        ...edges(one),
        who: one.by_last_resort ? lastResort(names) : names,
        short: one.by_last_resort ? nobody : one.people.map((person) => surname(person.name)).join(", "),
        kind: one.by_last_resort ? "last" : "shift",
      };
    });
  const filled = answered.filter((one) => one.kind === "last");
  const gaps = holes(calendar)
    // Where the last resort answers, that bar says it already.
    .filter((gap) => !filled.some((one) => one.start <= ms(gap.start) && one.end >= ms(gap.end)))
    .map((gap, index): Piece => ({ key: `gap ${index}`, ...edges(gap), who: nobody, short: nobody, kind: "gap" }));
  return [...answered, ...gaps];
}

/** Where nobody is on the rota, each stretch once, in order. */
export function holes(calendar: Pick<RotaCalendar, "gaps" | "spans">): Stretch[] {
  const all = [...calendar.gaps, ...calendar.spans.filter((one) => one.people.length === 0 || one.by_last_resort)]
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => ms(a.start) - ms(b.start));
  const joined: Stretch[] = [];
  for (const one of all) {
    const last = joined.at(-1);
    if (last && ms(one.start) <= ms(last.end)) last.end = ms(one.end) > ms(last.end) ? one.end : last.end;
    else joined.push({ ...one });
  }
  return joined;
}

export function ofLayer(calendar: RotaCalendar, name: string, me: string): Piece[] {
  const found = calendar.layers.find((one) => one.name === name);
  return (found?.shifts ?? []).map((one, index) => ({
    key: `${name} ${index}`,
    ...edges(one),
    who: one.person.name,
    short: surname(one.person.name),
    kind: one.person.id === me ? "mine" : "shift",
  }));
}

export const edges = (one: Stretch): { start: number; end: number } => ({ start: ms(one.start), end: ms(one.end) });

/** Where each of the seven days begins; a day of 23 or 25 hours is drawn so wide. */
export function days(from: number, zone: string): number[] {
  return Array.from({ length: 7 }, (_, index) => startOfDay(daysLater(from, index, zone), zone));
}
