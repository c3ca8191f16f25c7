// Something the server has, fetched when a screen opens and again when `version` says that it may be another.
import { useEffect, useRef, useState } from "react";
import { Problem, get } from "./client";
import { Order } from "./order";

export interface Fetched<T> {
  found: T | null;
  problem: Problem | null;
  /** What the server answered to a change of ours. */
  put: (next: T) => void;
}

/** What was found stays until something newer is there, so that news empties no screen. */
export function useFetch<T>(path: string, version = ""): Fetched<T> {
  const [found, put] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const order = useRef<Order>(null);

  useEffect(() => {
    order.current ??= new Order();
    const known = order.current;
    // An answer for another address is no answer to this one.
    return () => known.forget();
  }, [path]);

  useEffect(() => {
    order.current ??= new Order();
    const mayShow = order.current.ask();
    get<T>(path).then(
      (answer) => {
        if (!mayShow()) return;
        put(answer);
        setProblem(null);
      },
      (refused: unknown) => {
        if (!(refused instanceof Problem)) throw refused;
        if (mayShow()) setProblem(refused);
      },
    );
  }, [path, version]);

  return { found, problem, put };
}
