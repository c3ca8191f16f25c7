// Figures made ready to be drawn. Pure.
import type { PageReport } from "../../api/types";

type Hour = PageReport["by_hour"][number];

/** All hours of a day, also those in which nothing happened. */
export function perHour(found: readonly Hour[]): Hour[] {
  const known = new Map(found.map((one) => [one.hour, one]));
  return Array.from({ length: 24 }, (_, hour) => known.get(hour) ?? { hour, pages: 0, taken: 0, median_seconds: null, p90_seconds: null, never_taken: 0 });
}

/** The top of a scale: the next round figure, at least 1. */
export function top(values: readonly number[]): number {
  const most = Math.max(1, ...values);
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((times) => times * step).find((round) => round >= most) ?? most;
}

export const hours = (value: number): string => String(Math.round(value * 10) / 10);
