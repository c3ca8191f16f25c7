// Something the server has, fetched when a screen opens and again when `version` says that it may be another.
import { useEffect, useRef, useState } from "react";
import { Problem, get } from "./client";

export interface Fetched<T> {
  found: T | null;
  problem: Problem | null;
  /** What the server answered to a change of ours. */
  put: (next: T) => void;
}

export function useFetch<T>(path: string, version = ""): Fetched<T> {
  const [found, put] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef(0);

  useEffect(() => {
    const mine = ++latest.current;
    // A later fetch is never overwritten by an earlier one.
    const isLatest = () => mine === latest.current;
    get<T>(path).then(
      (answer) => {
        if (!isLatest()) return;
        put(answer);
        setProblem(null);
      },
      (refused: unknown) => {
        if (!(refused instanceof Problem)) throw refused;
        if (isLatest()) setProblem(refused);
      },
    );
  }, [path, version]);

  return { found, problem, put };
}
