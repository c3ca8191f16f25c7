// What was said in a case, fetched beside the live picture (which holds no private word) and kept only in memory.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useSyncExternalStore } from "react";
import { Problem, get } from "../api/client";
import type { Case, CaseDetail } from "../api/types";

export interface Detail {
  detail: CaseDetail | null;
  problem: Problem | null;
}

const NOTHING_YET: Detail = { detail: null, problem: null };

/** One fetch at a time per case; an older answer never overwrites a newer one. */
export class Details {
  private readonly known = new Map<string, Detail>();
  private readonly fetching = new Map<string, { again: boolean }>();
  private readonly listeners = new Set<() => void>();

  get(id: string): Detail {
    return this.known.get(id) ?? NOTHING_YET;
  }

  subscribe = (then: () => void): (() => void) => {
    this.listeners.add(then);
    return () => this.listeners.delete(then);
  };

  async refresh(id: string): Promise<void> {
    const running = this.fetching.get(id);
    if (running) {
      running.again = true;
      return;
    }
    const mine = { again: false };
    this.fetching.set(id, mine);
    try {
      const detail = await get<CaseDetail>(`/api/cases/${encodeURIComponent(id)}`);
      const had = this.get(id).detail;
      if (!had || detail.sequence >= had.sequence) this.put(id, { detail, problem: null });
    } catch (refused) {
      if (!(refused instanceof Problem)) throw refused;
      // Without an answer we keep what we had; a refusal (no longer ours to read) takes it off the screen.
      const kept = refused.unanswered || refused.status >= 500 ? this.get(id).detail : null;
      this.put(id, { detail: kept, problem: refused });
    } finally {
      this.fetching.delete(id);
    }
    if (mine.again) await this.refresh(id);
  }

  /** What a change of ours made true, shown at once: the server has said so. */
  acknowledge(changed: Case): void {
    const had = this.get(changed.id).detail;
    if (had && changed.sequence >= had.sequence) {
      // Still counts as older than the live case, so that the words are fetched anew.
      this.put(changed.id, { detail: { ...had, ...changed, sequence: had.sequence }, problem: null });
    }
  }

  private put(id: string, detail: Detail): void {
    this.known.set(id, detail);
    for (const tell of this.listeners) tell();
  }
}

const DetailsContext = createContext<Details | null>(null);

export function DetailsProvider({ details, children }: { details: Details; children: ReactNode }) {
  return <DetailsContext value={details}>{children}</DetailsContext>;
}

export function useDetails(): Details {
  const details = useContext(DetailsContext);
  if (details === null) throw new Error("No details: wrap the screen in DetailsProvider.");
  return details;
}

/** Fetches when first asked for, and again whenever the live case has moved on. */
export function useDetail(id: string, liveSequence: number): Detail {
  const details = useDetails();
  const read = useCallback(() => details.get(id), [details, id]);
  const known = useSyncExternalStore(details.subscribe, read);
  const sequence = known.detail?.sequence ?? -1;
  useEffect(() => {
    if (details.get(id).detail === null || liveSequence > sequence) void details.refresh(id);
  }, [details, id, liveSequence, sequence]);
  return known;
}
