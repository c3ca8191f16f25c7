// What to ask next, fetched anew whenever the case moves on; a later fetch is never overwritten by an earlier one.
import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, get } from "../../api/client";
import { Order } from "../../api/order";
import type { Script } from "../../api/types";
import { useLanguage } from "../../ui/choice";

export interface Asking {
  script: Script | null;
  problem: Problem | null;
  /** Ask about this item (`instrument.item`), or go on in order (null). */
  jump: (item: string | null) => Promise<void>;
}

export function useScript(caseId: string, sequence: number): Asking {
  const [script, setScript] = useState<Script | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reader = useLanguage();
  const wanted = useRef<string | null>(null);
  const order = useRef<Order>(null);

  const load = useCallback(async () => {
    order.current ??= new Order();
    const mayShow = order.current.ask();
    const item = wanted.current === null ? "" : `&item=${encodeURIComponent(wanted.current)}`;
    try {
      const found = await get<Script>(`/api/cases/${encodeURIComponent(caseId)}/script?reader=${reader}${item}`);
      if (!mayShow()) return;
      setScript(found);
      setProblem(null);
    } catch (refused) {
      if (!(refused instanceof Problem)) throw refused;
      if (mayShow()) setProblem(refused);
    }
  }, [caseId, reader]);

  useEffect(() => {
    // Set only after an answer from the server, never within the effect itself.
     
    void load();
  }, [load, sequence]);

  const jump = useCallback(
    async (item: string | null) => {
      wanted.current = item;
      // What was asked for before was another question.
      order.current?.forget();
      await load();
    },
    [load],
  );

  return { script, problem, jump };
}
