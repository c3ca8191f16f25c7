// Speaks to screen readers: what is imminent at once and once, all the rest politely and bundled.
import { useSyncExternalStore } from "react";

const BUNDLE_MS = 3_000;

let polite = "";
let urgent = "";
let gathered: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};

export function announce(sentence: string): void {
  gathered.push(sentence);
  timer ??= setTimeout(() => {
    polite = gathered.join(" ");
    gathered = [];
    timer = undefined;
    tell();
  }, BUNDLE_MS);
}

export function announceNow(sentence: string): void {
  urgent = sentence;
  tell();
}

const subscribe = (then: () => void) => {
  listeners.add(then);
  return () => listeners.delete(then);
};

export function Announcer() {
  const now = useSyncExternalStore(subscribe, () => urgent);
  const calm = useSyncExternalStore(subscribe, () => polite);
  return (
    <>
      <p className="sr" role="alert">
        {now}
      </p>
      <p className="sr" role="status">
        {calm}
      </p>
    </>
  );
}
