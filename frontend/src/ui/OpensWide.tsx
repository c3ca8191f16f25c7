// A part that stands open wherever there is room and folds into one line where there is not.
import { type ReactNode, useSyncExternalStore } from "react";

const WIDE = "(min-width: 48rem)";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (then) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", then);
      return () => list.removeEventListener("change", then);
    },
    () => window.matchMedia(query).matches,
  );
}

export function OpensWide({ className, summary, children }: { className: string; summary: ReactNode; children: ReactNode }) {
  const wide = useMedia(WIDE);
  return (
    // The key makes it fold again when the room goes.
    <details className={`${className} opens-wide`} open={wide} key={String(wide)}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
