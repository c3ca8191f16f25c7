// Keeps one socket open, resumes where it stopped, and says honestly how fresh the picture is.
import type { LiveMessage } from "../api/types";
import { type Picture, reduce } from "./reduce";

/** Heartbeats come every 4 s; two seconds of grace, and a dead link is noticed well within five of being overdue. */
export const SILENT_AFTER_MS = 6_000;
/** Shown as "Reconnecting" so long, after that as "Not live since". */
export const PATIENCE_MS = 5_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;
const SIGNED_OUT = 4401;
const TOO_SLOW = 4408;

export type LinkState = "connecting" | "live" | "reconnecting" | "not_live";

export interface Live {
  link: LinkState;
  /** When we last heard anything, in the server's time (ms); what is shown is as old as this. */
  lastHeard: number;
  picture: Picture | null;
}

export interface SocketLike {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  close: () => void;
}

export interface World {
  open: (path: string) => SocketLike;
  now: () => number;
  random: () => number;
}

export interface LiveClient {
  get: () => Live;
  subscribe: (then: () => void) => () => void;
  /** The difference between the server's clock and ours, in ms. */
  offset: () => number;
  tryNow: () => void;
  stop: () => void;
}

export function startLive(world: World, onSignedOut: () => void): LiveClient {
  let live: Live = { link: "connecting", lastHeard: 0, picture: null };
  let socket: SocketLike | null = null;
  let resume = true;
  let tries = 0;
  let offsets: number[] = [];
  let silence: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const listeners = new Set<() => void>();

  const offset = () => (offsets.length ? Math.max(...offsets) : 0);

  function set(next: Partial<Live>) {
    live = { ...live, ...next };
    for (const tell of listeners) tell();
  }

  function connect() {
    clearTimeout(retry);
    retry = undefined;
    const after = resume && live.picture ? `?after=${live.picture.sequence}` : "";
    const opened = world.open(`/api/live${after}`);
    socket = opened;
    opened.onmessage = (event) => {
      if (socket === opened) heard(event.data);
    };
    opened.onclose = (event) => {
      if (socket === opened) lost(event.code);
    };
    opened.onerror = () => {
      if (socket === opened) lost(0);
    };
    watchSilence();
  }

  function watchSilence() {
    clearTimeout(silence);
    silence = setTimeout(() => lost(0), SILENT_AFTER_MS);
  }

  function heard(data: unknown) {
    watchSilence();
    let message: LiveMessage;
    try {
      message = JSON.parse(String(data)) as LiveMessage;
    } catch {
      return startAnew();
    }
    if ("at" in message) noteTime(message.at);
    const { picture, again } = reduce(live.picture, message);
    if (again) return startAnew();

    tries = 0;
    resume = true;
    clearTimeout(patience);
    patience = undefined;
    set({ link: "live", lastHeard: world.now() + offset(), picture });
  }

  function noteTime(at: string) {
    const difference = Date.parse(at) - world.now();
    // Network delay only ever makes the server look later than it is, so the largest of the last few is the best guess.
    if (Number.isFinite(difference)) offsets = [...offsets.slice(-4), difference];
  }

  /** The picture cannot be continued: a new snapshot, and until then the old one is marked as stale. */
  function startAnew() {
    resume = false;
    lost(0);
  }

  function lost(code: number) {
    if (stopped) return;
    clearTimeout(silence);
    const old = socket;
    socket = null;
    old?.close();
    if (code === SIGNED_OUT) {
      stop();
      onSignedOut();
      return;
    }
    if (code === TOO_SLOW) resume = false;
    if (live.link === "live") set({ link: "reconnecting" });
    patience ??= setTimeout(() => set({ link: "not_live" }), PATIENCE_MS);
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    tries += 1;
    clearTimeout(retry);
    retry = setTimeout(connect, longest * (0.5 + world.random() / 2));
  }

  function stop() {
    stopped = true;
    for (const timer of [silence, patience, retry]) clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close();
  }

  connect();
  return {
    get: () => live,
    subscribe: (then) => {
      listeners.add(then);
      return () => listeners.delete(then);
    },
    offset,
    tryNow: () => {
      if (!stopped && retry !== undefined) connect();
    },
    stop,
  };
}
