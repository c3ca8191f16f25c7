// Hands the live picture and the server's time to whoever draws.
import { createContext, type ReactNode, useCallback, useContext, useSyncExternalStore } from "react";
import type { Case } from "../api/types";
import type { Live, LiveClient } from "./client";

const LiveContext = createContext<LiveClient | null>(null);

export function LiveProvider({ client, children }: { client: LiveClient; children: ReactNode }) {
  return <LiveContext value={client}>{children}</LiveContext>;
}

function useClient(): LiveClient {
  const client = useContext(LiveContext);
  if (client === null) throw new Error("No live client: wrap the screen in LiveProvider.");
  return client;
}

export function useLive(): Live {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, client.get);
}

/** Whether what is on the screen may be older than it looks. */
export function useStale(): boolean {
  return useLive().link !== "live";
}

export function useCases(): ReadonlyMap<string, Case> {
  return useLive().picture?.cases ?? NO_CASES;
}

const NO_CASES: ReadonlyMap<string, Case> = new Map();
const SECOND = 1000;

// One timer for every counter on the screen, however many there are; four times a second, so that none is late by more
// than a quarter. What is drawn changes only with the second.
const counters = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function everySecond(then: () => void): () => void {
  counters.add(then);
  timer ??= setInterval(() => {
    for (const tell of counters) tell();
  }, SECOND / 4);
  return () => {
    counters.delete(then);
    if (counters.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time, in whole seconds (ms); steps once a second and never stands still. */
export function useClock(): number {
  const client = useClient();
  const second = useCallback(() => Math.floor((Date.now() + client.offset()) / SECOND) * SECOND, [client]);
  return useSyncExternalStore(everySecond, second);
}

/** The time of what is shown: the server's now, or the moment we last heard anything. Every counter uses this one. */
export function useNow(): number {
  const clock = useClock();
  const { link, lastHeard } = useLive();
  return link === "live" || lastHeard === 0 ? clock : Math.min(clock, Math.floor(lastHeard / SECOND) * SECOND);
}
