// Shows a page that arrives by push, and takes it from the notification. Keeps nothing and serves nothing else.
/* eslint-disable no-undef */

const PATIENCE_MS = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  event.waitUntil(show(wordsOf(event.data)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, take, pass } = event.notification.data ?? {};
  const asked = { take, pass }[event.action];
  event.waitUntil(asked ? say(asked, url) : open(url));
});

// Browsers want something shown for every push: whatever arrives, somebody is told.
function wordsOf(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
}

const WORDS = {
  en: { drill: "DRILL. ", needed: (number) => `A responder needs you on case ${number}.`, take: "I have it", pass: "Pass it on" },
  es: { drill: "SIMULACRO. ", needed: (number) => `Se le necesita en el caso ${number}.`, take: "Lo tengo", pass: "Pasarlo" },
};

function show(page) {
  const w = self.navigator.language.toLowerCase().startsWith("es") ? WORDS.es : WORDS.en;
  const [url, take, pass] = [ours(page.url), ours(page.take), ours(page.pass)];
  const body = page.body || (page.number ? w.needed(page.number) : "");
  return self.registration.showNotification(page.title || "crisis_hub", {
    body: `${page.drill ? w.drill : ""}${body}`,
    tag: page.tag || url || "crisis_hub",
    renotify: true,
    requireInteraction: true,
    data: { url, take, pass },
    actions: [...(take ? [{ action: "take", title: w.take }] : []), ...(pass ? [{ action: "pass", title: w.pass }] : [])],
  });
}

// Only an address of this very house is ever opened or called.
function ours(address) {
  if (typeof address !== "string" || address === "" || !URL.canParse(address, self.location.origin)) return "";
  const found = new URL(address, self.location.origin);
  return found.origin === self.location.origin ? found.href : "";
}

// Whether it was done is never guessed: the page itself is opened and says who has it, also when no answer came.
async function say(asked, url) {
  try {
    await fetch(asked, { method: "POST", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    // The page that opens now has the button.
  }
  await open(url);
}

function open(url) {
  return url ? self.clients.openWindow(url) : self.clients.openWindow("/my-shifts");
}
