// A person's word about the risk, on its way to the server.
import { useCallback, useRef } from "react";
import { Problem, post } from "../api/client";
import { newKey } from "../api/key";
import type { Case, Done, Risk } from "../api/types";

export function useRisk(of: Case, onDone: (done: Done) => void): (risk: Risk, reason: string) => Promise<Problem | null> {
  const wish = useRef<{ what: string; key: string } | null>(null);
  const { id } = of;
  return useCallback(
    async (risk, reason) => {
      const what = `${id} ${risk} ${reason}`;
      // Said again after no answer, it is the same wish.
      if (wish.current?.what !== what) wish.current = { what, key: newKey() };
      try {
        onDone(await post<Done>(`/api/cases/${id}/risk`, { risk, reason }, wish.current.key));
        wish.current = null;
        return null;
      } catch (refused) {
        if (!(refused instanceof Problem)) throw refused;
        if (!refused.unanswered) wish.current = null;
        return refused;
      }
    },
    [id, onDone],
  );
}
