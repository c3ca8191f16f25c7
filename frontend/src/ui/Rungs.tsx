// A ladder in small: filled is past, part-filled is now, hollow is to come. The words beside it say the same.

const WIDTH = 18;
const GAP = 3;
const HEIGHT = 5;

/** `step` counts from 1; `over` is the share of the present step that has passed, 0 to 1. */
export function Rungs({ steps, step, over }: { steps: number; step: number; over: number }) {
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  const width = steps * WIDTH + (steps - 1) * GAP;
  return (
    <svg className="rungs" width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {all.map((number) => {
        const x = (number - 1) * (WIDTH + GAP);
        const filled = number < step ? 1 : number === step ? over : 0;
        return (
          <g key={number}>
            <rect className="rung" x={x + 0.5} y={0.5} width={WIDTH - 1} height={HEIGHT - 1} />
            {filled > 0 && <rect className="rung-filled" x={x} y={0} width={WIDTH * filled} height={HEIGHT} />}
          </g>
        );
      })}
    </svg>
  );
}
