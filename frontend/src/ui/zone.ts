// Wall clocks of other places: where a day begins there, and what is shown for a moment. Pure.

const DAY = 86_400_000;

const readers = new Map<string, Intl.DateTimeFormat>();

function reader(zone: string): Intl.DateTimeFormat {
  const known = readers.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  readers.set(zone, made);
  return made;
}

/** What the clock on the wall shows there, written as if it were UTC (ms). */
export function wall(at: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of reader(zone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The first moment at which the clock there shows this; a time that is skipped counts from before the jump. */
export function fromWall(shown: number, zone: string): number {
  const tries = [shown - DAY, shown + DAY].map((near) => shown - (wall(near, zone) - near));
  const exact = tries.filter((at) => wall(at, zone) === shown);
  return exact.length > 0 ? Math.min(...exact) : (tries[0] ?? shown);
}

export function startOfDay(at: number, zone: string): number {
  return fromWall(Math.floor(wall(at, zone) / DAY) * DAY, zone);
}

/** The same time of the clock, so many days later. */
export function daysLater(at: number, days: number, zone: string): number {
  return fromWall(wall(at, zone) + days * DAY, zone);
}

/** Monday, when its day begins there. */
export function startOfWeek(at: number, zone: string): number {
  const today = startOfDay(at, zone);
  const sinceMonday = (new Date(wall(today, zone)).getUTCDay() + 6) % 7;
  return daysLater(today, -sinceMonday, zone);
}

const pad = (n: number) => String(n).padStart(2, "0");

/** `08:00` there. */
export function timeThere(at: number, zone: string): string {
  const shown = new Date(wall(at, zone));
  return `${pad(shown.getUTCHours())}:${pad(shown.getUTCMinutes())}`;
}

/** In words of the reader's language, on the clock there. */
export function dateThere(at: number, zone: string, language: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...how, timeZone: "UTC" }).format(wall(at, zone));
}

/** `Mon 23`. */
export function dayThere(at: number, zone: string, language: string): string {
  const parts = [dateThere(at, zone, language, { weekday: "short" }), String(new Date(wall(at, zone)).getUTCDate())];
  return parts.join(" ");
}

/** `Thu 26 Nov, 20:00`. */
export function momentThere(at: number, zone: string, language: string): string {
  const month = dateThere(at, zone, language, { month: "short" });
  return `${dayThere(at, zone, language)} ${month}, ${timeThere(at, zone)}`;
}

/** A stretch as two ends, the day named once when it is the same: `Thu 26 Nov, 08:00` and `20:00`. */
export function stretchThere(of: { start: string; end: string }, zone: string, language: string): [from: string, to: string] {
  const [start, end] = [Date.parse(of.start), Date.parse(of.end)];
  const sameDay = startOfDay(start, zone) === startOfDay(end, zone);
  return [momentThere(start, zone, language), sameDay ? timeThere(end, zone) : momentThere(end, zone, language)];
}

/** `America/New_York` is New York to people. */
export function placeOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** For a field of date and time: `2026-11-26T20:00`. */
export function toField(at: number, zone: string): string {
  return new Date(wall(at, zone)).toISOString().slice(0, 16);
}

/** What was typed into such a field, as a moment; null when it is none. */
export function fromField(typed: string, zone: string): string | null {
  const shown = Date.parse(`${typed}Z`);
  return Number.isNaN(shown) ? null : new Date(fromWall(shown, zone)).toISOString();
}

export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
