// One wish at a time, said to the server: while it is on its way, what became of it, and saying it again safely.
import { useCallback, useRef, useState } from "react";
import { Problem, post } from "./client";
import { newKey } from "./key";

export interface Sending {
  busy: boolean;
  problem: Problem | null;
  /** Resolves with the answer, or with null after a refusal (which `problem` then tells). */
  send: <T>(path: string, body?: object) => Promise<T | null>;
  clear: () => void;
}

/** The same wish said again after no answer keeps its key, so that it is never done twice. */
export function useSend(): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wish = useRef<{ what: string; key: string } | null>(null);
  const onItsWay = useRef(false);

  const send = useCallback(async <T>(path: string, body: object = {}): Promise<T | null> => {
    if (onItsWay.current) return null;
    const what = path + JSON.stringify(body);
    if (wish.current?.what !== what) wish.current = { what, key: newKey() };
    onItsWay.current = true;
    setBusy(true);
    setProblem(null);
    try {
      const answer = await post<T>(path, body, wish.current.key);
      wish.current = null;
      return answer;
    } catch (refused) {
      if (!(refused instanceof Problem)) throw refused;
      if (!refused.unanswered) wish.current = null;
      setProblem(refused);
      return null;
    } finally {
      onItsWay.current = false;
      setBusy(false);
    }
  }, []);

  const clear = useCallback(() => setProblem(null), []);
  return { busy, problem, send, clear };
}
