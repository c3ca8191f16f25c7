// The shapes. Acuity is shape, word and weight first; colour comes last.
import type { JSX } from "react";
import type { Risk } from "../api/types";
import { useWords } from "./words";

type Shape = Risk | "live" | "notlive" | "nobody" | "tick";

const DASHED = "3.4 3.197";

const SHAPES: Record<Shape, JSX.Element> = {
  imminent: (
    <>
      <path fill="currentColor" d="M6.1.6h7.8l5.5 5.5v7.8l-5.5 5.5H6.1L.6 13.9V6.1z" />
      <path className="knock" d="M6 4.6h2.6v7H6zM6 13.2h2.6v2.4H6zM11.4 4.6H14v7h-2.6zM11.4 13.2H14v2.4h-2.6z" />
    </>
  ),
  high: (
    <>
      <path fill="currentColor" d="M10 .9 19.8 18.6H.2z" />
      <path className="knock" d="M8.8 6.6h2.4v6H8.8zM8.8 14h2.4v2.3H8.8z" />
    </>
  ),
  moderate: (
    <>
      <circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <path fill="currentColor" d="M10 1.8a8.2 8.2 0 0 0 0 16.4z" />
    </>
  ),
  low: <circle cx="10" cy="10" r="7.9" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  not_assessed: (
    <>
      <circle cx="10" cy="10" r="8.4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray={DASHED} />
      <path
        d="M7.5 8.1a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2.9-1.2 1.9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
      />
      <circle cx="10" cy="14.4" r="1.25" fill="currentColor" />
    </>
  ),
  none: <circle cx="10" cy="10" r="2.6" fill="currentColor" />,
  live: <circle cx="10" cy="10" r="9" fill="currentColor" />,
  notlive: <path d="M2 2l16 16M18 2 2 18" stroke="currentColor" strokeWidth="4" />,
  nobody: (
    <>
      <path fill="currentColor" d="M1 1h18v18H1z" />
      <path className="knock" d="M4.5 8.4h11v3.2h-11z" />
    </>
  ),
  tick: <path d="m2 11 5.5 5.5L18 4" fill="none" stroke="currentColor" strokeWidth="3" />,
};

const className = (shape: Shape) => (shape === "not_assessed" ? "unknown" : shape);

/** A shape beside its word; never alone, so it is hidden from screen readers. */
export function Mark({ shape }: { shape: Shape }) {
  return (
    <svg className={`mark mark-${className(shape)}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {SHAPES[shape]}
    </svg>
  );
}

export function RiskWord({ risk }: { risk: Risk }) {
  const w = useWords();
  return (
    <span className={`risk risk-${className(risk)}`}>
      <Mark shape={risk} /> {w.risk[risk]}
    </span>
  );
}
