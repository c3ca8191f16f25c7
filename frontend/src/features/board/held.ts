// Rows never move under a pointer or the focus: while somebody is there, the order stays and only contents change.
import { type FocusEvent, type PointerEvent, type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";

export interface Kept<T> {
  key: string;
  value: T;
  /** Left the list while it was held; stays in its place, marked, until the hold ends. */
  gone: boolean;
}

/** Lays the present list over the order that was held. What is new waits outside, and is counted. */
export function lay<T>(held: readonly Kept<T>[], present: readonly { key: string; value: T }[]): { rows: Kept<T>[]; waiting: number } {
  const now = new Map(present.map((one) => [one.key, one.value]));
  const rows = held.map((one) => {
    const value = now.get(one.key);
    return value === undefined ? { ...one, gone: true } : { key: one.key, value, gone: false };
  });
  const shown = new Set(held.map((one) => one.key));
  return { rows, waiting: present.filter((one) => !shown.has(one.key)).length };
}

const fresh = <T,>(present: readonly { key: string; value: T }[]): Kept<T>[] => present.map((one) => ({ ...one, gone: false }));

export interface Hold {
  held: boolean;
  /** Goes up with each new hold, so that lists know when to take their order anew. */
  turn: number;
  /** Ends the hold by the reader's own wish; the next pointing begins a new one. */
  sortNow: () => void;
  bind: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: (event: FocusEvent) => void;
    onBlur: (event: FocusEvent) => void;
  };
}

export function useHold(): Hold {
  const [pointer, setPointer] = useState<Element | null>(null);
  const [focus, setFocus] = useState<Element | null>(null);
  const [turn, setTurn] = useState(0);
  return {
    // What goes while it is pointed at or has the focus tells nobody: its rows must not be held for ever.
    held: pointer?.matches(":hover") === true || focus?.isConnected === true,
    turn,
    sortNow: useCallback(() => setTurn((was) => was + 1), []),
    bind: useMemo(
      () => ({
        onPointerEnter: (event) => setPointer(event.pointerType === "touch" ? null : event.currentTarget),
        onPointerLeave: () => setPointer(null),
        onFocus: (event) => setFocus(event.target),
        onBlur: (event) => setFocus(event.currentTarget.contains(event.relatedTarget) ? event.relatedTarget : null),
      }),
      [],
    ),
  };
}

/** The list as it may be shown now: in its true order, or in the order it had when the hold began. */
export function useHeld<T>(present: readonly { key: string; value: T }[], hold: Hold): { rows: Kept<T>[]; waiting: number } {
  const [kept, setKept] = useState<{ turn: number; rows: Kept<T>[] } | null>(null);
  if (!hold.held) {
    if (kept !== null) setKept(null);
    return { rows: fresh(present), waiting: 0 };
  }
  if (kept?.turn !== hold.turn) {
    const rows = fresh(present);
    setKept({ turn: hold.turn, rows });
    return { rows, waiting: 0 };
  }
  return lay(kept.rows, present);
}

/** What stands above held rows keeps its height as long as they are held, so that it cannot push them. */
export function useKeptHeight({ held, turn }: Hold): RefObject<HTMLElement | null> {
  const room = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = room.current;
    if (!held || element === null) return;
    element.style.setProperty("block-size", `${element.getBoundingClientRect().height}px`);
    element.classList.add("kept");
    return () => {
      element.style.removeProperty("block-size");
      element.classList.remove("kept");
    };
  }, [held, turn]);
  return room;
}
