import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Board } from "../api/types";
import { PATIENCE_MS, SILENT_AFTER_MS, type LiveClient, type SocketLike, startLive } from "./client";

const samples = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../tests/samples/live/snapshot.json"), "utf8"),
) as { message: Board }[];
const snapshot = samples[0]?.message;
if (!snapshot) throw new Error("No snapshot sample.");
const first = snapshot.sequence;

class FakeSocket implements SocketLike {
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  closed = false;
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let sockets: FakeSocket[];
let client: LiveClient;
const signedOut = vi.fn();
const latest = () => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error("No socket was opened.");
  return socket;
};
const at = () => new Date(Date.now()).toISOString();
const beat = (sequence = first) => ({ kind: "heartbeat", sequence, at: at() });
const change = (sequence: number) => ({ kind: "change", sequence, type: "NoteWritten", case: null });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(snapshot.at) });
  signedOut.mockClear();
  sockets = [];
  client = startLive(
    {
      open: (path) => {
        sockets.push(new FakeSocket(path));
        return latest();
      },
      now: () => Date.now(),
      random: () => 1,
    },
    signedOut,
  );
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

describe("the live link", () => {
  it("is live only once the server has said something", () => {
    expect(client.get().link).toBe("connecting");

    latest().say(snapshot);

    expect(client.get().link).toBe("live");
  });

  it("is noticed as dead within five seconds after a heartbeat is overdue", () => {
    latest().say(snapshot);
    vi.advanceTimersByTime(4_000 + 5_000);

    expect(client.get().link).not.toBe("live");
    expect(SILENT_AFTER_MS).toBeLessThanOrEqual(9_000);
  });

  it("stays live while heartbeats come", () => {
    latest().say(snapshot);
    for (let n = 0; n < 10; n++) {
      vi.advanceTimersByTime(4_000);
      latest().say(beat());
    }

    expect(client.get().link).toBe("live");
    expect(sockets).toHaveLength(1);
  });

  it("says at once when the socket closes, and since when it is not live once patience is over", () => {
    latest().say(snapshot);
    vi.advanceTimersByTime(3_000);
    const heard = client.get().lastHeard;
    latest().onclose?.({ code: 1006 });

    expect(client.get().link).toBe("reconnecting");

    vi.advanceTimersByTime(PATIENCE_MS);

    expect(client.get()).toMatchObject({ link: "not_live", lastHeard: heard });
  });

  it("resumes after the last number, and is live again with the first word", () => {
    latest().say(snapshot);
    latest().say(change(first + 1));
    latest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(300);

    expect(latest().path).toBe(`/api/live?after=${first + 1}`);

    latest().say(change(first + 2));

    expect(client.get()).toMatchObject({ link: "live", picture: { sequence: first + 2 } });
  });

  it("asks for a whole new snapshot after a gap, and keeps the old picture, marked as stale, until then", () => {
    latest().say(snapshot);
    latest().say(change(first + 5));

    expect(client.get()).toMatchObject({ link: "reconnecting", picture: { sequence: first } });

    vi.advanceTimersByTime(300);

    expect(latest().path).toBe("/api/live");
  });

  it("asks for a new snapshot after it was cut off as too slow", () => {
    latest().say(snapshot);
    latest().onclose?.({ code: 4408 });
    vi.advanceTimersByTime(300);

    expect(latest().path).toBe("/api/live");
  });

  it("asks for a new snapshot when it hears something that cannot be read", () => {
    latest().say(snapshot);
    latest().onmessage?.({ data: "{" });
    vi.advanceTimersByTime(300);

    expect(latest().path).toBe("/api/live");
  });

  it("ends, and says so, when the session is over", () => {
    latest().say(snapshot);
    latest().onclose?.({ code: 4401 });
    vi.advanceTimersByTime(60_000);

    expect(signedOut).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
  });

  it("tries again with growing pauses, and never waits longer than two seconds", () => {
    latest().say(snapshot);
    const opened: number[] = [];
    latest().onclose?.({ code: 1006 });
    for (let n = 0; n < 6; n++) {
      const before = sockets.length;
      const from = Date.now();
      while (sockets.length === before) vi.advanceTimersByTime(50);
      opened.push(Date.now() - from);
      latest().onclose?.({ code: 1006 });
    }

    expect(opened).toEqual([250, 500, 1000, 2000, 2000, 2000]);
  });

  it("tries at once when the network is back", () => {
    latest().say(snapshot);
    latest().onclose?.({ code: 1006 });
    client.tryNow();

    expect(sockets).toHaveLength(2);
  });

  it("hears nothing from a socket that it has given up", () => {
    latest().say(snapshot);
    const old = latest();
    old.onclose?.({ code: 1006 });
    old.say(change(first + 1));

    expect(client.get().picture?.sequence).toBe(first);
  });

  it("knows the server's time from what it says", () => {
    latest().say({ ...beat(), at: new Date(Date.now() + 90_000).toISOString() });
    latest().say({ ...snapshot, at: new Date(Date.now() + 90_000).toISOString() });

    expect(client.offset()).toBe(90_000);
  });
});
