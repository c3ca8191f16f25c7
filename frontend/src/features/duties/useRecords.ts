// The forms of a case and what stands in them, fetched anew whenever the case moves on.
import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, get } from "../../api/client";
import { Order } from "../../api/order";
import type { RecordList } from "../../api/types";

export interface Papers {
  list: RecordList | null;
  problem: Problem | null;
  reload: () => Promise<void>;
}

export function useRecords(caseId: string, sequence: number): Papers {
  const [list, setList] = useState<RecordList | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const order = useRef<Order>(null);

  const reload = useCallback(async () => {
    order.current ??= new Order();
    const mayShow = order.current.ask();
    try {
      const found = await get<RecordList>(`/api/cases/${encodeURIComponent(caseId)}/records`);
      if (!mayShow()) return;
      setList(found);
      setProblem(null);
    } catch (refused) {
      if (!(refused instanceof Problem)) throw refused;
      if (mayShow()) setProblem(refused);
    }
  }, [caseId]);

  useEffect(() => {
    // Set only after an answer from the server, never within the effect itself.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void reload();
  }, [reload, sequence]);

  return { list, problem, reload };
}
