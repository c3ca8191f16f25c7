// The live client in a real browser: its socket, its clock, its dice.
import { type LiveClient, type SocketLike, startLive } from "./client";

export function startInBrowser(onSignedOut: () => void): LiveClient {
  const client = startLive(
    {
      open,
      now: () => Date.now(),
      random: () => Math.random(),
    },
    onSignedOut,
  );
  // Coming back from sleep or from a tunnel: do not wait for the timer.
  const awake = () => {
    if (document.visibilityState === "visible") client.tryNow();
  };
  window.addEventListener("online", awake);
  document.addEventListener("visibilitychange", awake);
  const stop = client.stop;
  return {
    ...client,
    stop: () => {
      window.removeEventListener("online", awake);
      document.removeEventListener("visibilitychange", awake);
      stop();
    },
  };
}

function open(path: string): SocketLike {
  const real = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`);
  const socket: SocketLike = { onmessage: null, onclose: null, onerror: null, close: () => real.close() };
  real.onmessage = (event) => socket.onmessage?.({ data: event.data });
  real.onclose = (event) => socket.onclose?.({ code: event.code });
  real.onerror = () => socket.onerror?.();
  return socket;
}
