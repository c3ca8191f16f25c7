// What is still owed in closed cases, fetched when the board opens, when a change says that it may be another, and every minute.
import { useCallback } from "react";
import type { Problem } from "../api/client";
import type { Done, OwedDuty, OwedList } from "../api/types";
import { useFetch } from "../api/useFetch";
import { useNow } from "../live/context";
import { afterChange } from "../live/owed";
import type { Picture } from "../live/reduce";

const MINUTE = 60_000;
const NOTHING: readonly OwedDuty[] = [];

interface StillOwed {
  list: readonly OwedDuty[];
  problem: Problem | null;
  onDone: (done: Done) => void;
}

export function useOwed(picture: Picture): StillOwed {
  // The time of what is shown: a screen that is cut off asks nothing, and asks again once it is back.
  const minute = Math.floor(useNow() / MINUTE);
  const { found, problem, put } = useFetch<OwedList>("/api/duties?closed=true", `${picture.owed} ${minute}`);
  const onDone = useCallback(
    (done: Done) => {
      if (found) put({ duties: afterChange(found.duties, done.case) });
    },
    [found, put],
  );
  return { list: found?.duties ?? NOTHING, problem, onDone };
}
