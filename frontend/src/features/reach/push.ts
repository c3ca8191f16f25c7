// Pages on this very device, by the browser's own push: asked for by a touch, never by the page itself.

const WORKER = "/service-worker.js";

export type PushTrouble = "unsupported" | "denied" | "failed";

export class NoPush extends Error {
  readonly why: PushTrouble;

  constructor(why: PushTrouble) {
    super(why);
    this.name = "NoPush";
    this.why = why;
  }
}

export const pushPossible = (): boolean => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** The key of the server as browsers want it: bytes out of the usual URL-safe letters. */
export function keyBytes(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** Asks the reader, then the browser; what comes back is sent to the server as it is. */
export async function subscribe(key: string): Promise<PushSubscriptionJSON> {
  if (!pushPossible()) throw new NoPush("unsupported");
  if ((await Notification.requestPermission()) !== "granted") throw new NoPush("denied");
  try {
    await navigator.serviceWorker.register(WORKER);
    const ready = await navigator.serviceWorker.ready;
    // One made for another key would never arrive.
    await (await ready.pushManager.getSubscription())?.unsubscribe();
    return (await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: keyBytes(key) })).toJSON();
  } catch {
    throw new NoPush("failed");
  }
}
