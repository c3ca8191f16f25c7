// Bars by hour of the day, in ink, labelled directly, under a sentence that says what they show; the table stands below.
import type { ReactNode } from "react";
import { useWords } from "../../ui/words";
import { top } from "./plots";

interface BarOf {
  hour: number;
  value: number;
  /** The part of it that must be seen. */
  strong?: number;
  /** A line across, above the bar. */
  tick?: number | undefined;
}

interface Props {
  id: string;
  title: string;
  sentence: string;
  bars: readonly BarOf[];
  say: (value: number) => string;
  /** What the dark part, or the line across, stands for. */
  key1: string;
  children: ReactNode;
}

const WIDTH = 480;
const HEIGHT = 150;
const LEFT = 44;
const BASE = 122;
const CEILING = 16;

export function Plot({ id, title, sentence, bars, say, key1, children }: Props) {
  const w = useWords();
  const highest = top(bars.flatMap((one) => [one.value, one.tick ?? 0]));
  const step = (WIDTH - LEFT) / bars.length;
  const y = (value: number) => BASE - (value / highest) * (BASE - CEILING);
  const most = bars.reduce((best, one) => (one.value > best.value ? one : best), bars[0] ?? { hour: 0, value: 0 });
  return (
    <section className="plot" aria-labelledby={`h-plot-${id}`}>
      <h2 id={`h-plot-${id}`}>{title}</h2>
      <p className="second">{sentence}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={sentence}>
        <line className="axis" x1={LEFT} x2={WIDTH} y1={BASE} y2={BASE} />
        <text x={LEFT - 6} y={y(highest) + 4} textAnchor="end">
          {say(highest)}
        </text>
        <text x={LEFT - 6} y={BASE} textAnchor="end">
          0
        </text>
        {bars.map((one, index) => {
          const x = LEFT + index * step;
          return (
            <g key={one.hour}>
              {one.value > 0 && <rect className="bar" x={x + 2} width={step - 4} y={y(one.value)} height={BASE - y(one.value)} />}
              {(one.strong ?? 0) > 0 && <rect className="bar-strong" x={x + 2} width={step - 4} y={y(one.strong ?? 0)} height={BASE - y(one.strong ?? 0)} />}
              {one.tick !== undefined && <line className="mark-line" x1={x + 1} x2={x + step - 1} y1={y(one.tick)} y2={y(one.tick)} />}
              {one.hour % 6 === 0 && (
                <text x={x + step / 2} y={HEIGHT - 10} textAnchor="middle">
                  {one.hour}
                </text>
              )}
            </g>
          );
        })}
        {most.value > 0 && (
          <text className="strong-text" x={LEFT + (most.hour + 0.5) * step} y={y(most.value) - 5} textAnchor={most.hour > 21 ? "end" : "middle"}>
            {say(most.value)}
          </text>
        )}
      </svg>
      <p className="meta">{key1}</p>
      <details>
        <summary>{w.reports.asTable}</summary>
        {children}
      </details>
    </section>
  );
}
