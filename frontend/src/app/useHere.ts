// Whoever took a page and opens the case is in contact with it: said once, so that nobody is paged again because of them.
import { useEffect, useRef } from "react";
import { Problem, post } from "../api/client";
import { newKey } from "../api/key";
import type { Case, Person } from "../api/types";
import { useStale } from "../live/context";

const AGAIN_AFTER_MS = 5_000;

export function useHere(of: Case | undefined, me: Person): void {
  const stale = useStale();
  const said = useRef<{ what: string; key: string } | null>(null);
  const id = of?.id;
  // Of which ladders a word from this person is waited for.
  const awaited = of === undefined ? "" : waitedFor(of, me);

  useEffect(() => {
    if (id === undefined || awaited === "" || stale || document.visibilityState !== "visible") return;
    const what = `${id} ${awaited}`;
    // Said again after no answer, it is the same wish.
    if (said.current?.what !== what) said.current = { what, key: newKey() };
    const { key } = said.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      post(`/api/cases/${id}/here`, {}, key).catch((refused: unknown) => {
        if (!(refused instanceof Problem)) throw refused;
        // A refusal needs no word on the screen: any act on the case says the same.
        if (refused.unanswered) timer = setTimeout(say, AGAIN_AFTER_MS);
      });
    };
    say();
    return () => clearTimeout(timer);
  }, [id, awaited, stale]);
}

function waitedFor(of: Case, me: Person): string {
  return of.escalations
    .filter((one) => one.state === "taken" && one.taken_by === me.id && Boolean(one.contact_due_at))
    .map((one) => one.id)
    .join(" ");
}
