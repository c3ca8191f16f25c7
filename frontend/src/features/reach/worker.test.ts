// The service worker as a browser runs it, with what it may touch replaced by what remembers.
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";

const SOURCE = readFileSync("public/service-worker.js", "utf8");
const HOUSE = "https://hub.example";

interface Shown {
  title: string;
  body: string;
  tag: string;
  data: object;
  actions: { action: string; title: string }[];
}

function worker(answer: () => Promise<unknown> = () => Promise.resolve({})) {
  const listeners: Record<string, (event: object) => void> = {};
  const shown: Shown[] = [];
  const opened: string[] = [];
  const asked: [string, string | undefined][] = [];
  const self = {
    addEventListener: (type: string, listener: (event: object) => void) => {
      listeners[type] = listener;
    },
    location: { origin: HOUSE },
    navigator: { language: "en-US" },
    registration: {
      showNotification: (title: string, more: Omit<Shown, "title">) => {
        shown.push({ title, ...more });
        return Promise.resolve();
      },
    },
    clients: {
      openWindow: (url: string) => {
        opened.push(url);
        return Promise.resolve();
      },
      claim: () => Promise.resolve(),
    },
  };
  const fetch = (url: string, how: { method?: string }) => {
    asked.push([url, how.method]);
    return answer();
  };
  runInNewContext(SOURCE, { self, fetch, URL, AbortSignal });
  /** Lets something happen, and waits as long as the worker asks the browser to. */
  const happens = async (type: string, event: object) => {
    const promised: Promise<unknown>[] = [];
    listeners[type]?.({ ...event, waitUntil: (one: Promise<unknown>) => promised.push(one) });
    await Promise.all(promised);
  };
  return { shown, opened, asked, happens };
}

const PAGE = { kind: "page", title: "Imminent", number: "4127", drill: true, url: "/p/abc", take: "/p/abc", pass: "/p/abc/pass", tag: "case-4127" };
const data = (value: object) => ({ data: { json: () => value } });
const click = (action: string, of: Shown | undefined) => ({ action, notification: { data: of?.data, close: () => undefined } });

async function shownPage(answer?: () => Promise<unknown>) {
  const at = worker(answer);
  await at.happens("push", data(PAGE));
  return at;
}

describe("a page that arrives by push", () => {
  it("is shown with how urgent it is, and can be taken or passed from there", async () => {
    const { shown } = await shownPage();

    expect(shown[0]).toMatchObject({ title: "Imminent", body: "DRILL. A responder needs you on case 4127.", tag: "case-4127" });
    expect(shown[0]?.actions.map((one) => one.title)).toEqual(["I have it", "Pass it on"]);
  });

  it("is taken at its own address, and the page that opens then says who has it", async () => {
    const { happens, shown, asked, opened } = await shownPage();
    await happens("notificationclick", click("take", shown[0]));

    expect(asked).toEqual([[`${HOUSE}/p/abc`, "POST"]]);
    expect(opened).toEqual([`${HOUSE}/p/abc`]);
  });

  it("is opened all the same when no answer came: the button is there", async () => {
    const { happens, shown, opened } = await shownPage(() => Promise.reject(new Error("offline")));
    await happens("notificationclick", click("take", shown[0]));

    expect(opened).toEqual([`${HOUSE}/p/abc`]);
  });

  it("is only looked at by a touch beside the buttons: that takes nothing", async () => {
    const { happens, shown, asked, opened } = await shownPage();
    await happens("notificationclick", click("", shown[0]));

    expect(asked).toEqual([]);
    expect(opened).toEqual([`${HOUSE}/p/abc`]);
  });

  it("leads nowhere but to this house", async () => {
    const { happens, shown, asked, opened } = worker();
    await happens("push", data({ ...PAGE, url: "https://elsewhere.example/p", take: "https://elsewhere.example/p", pass: "" }));
    await happens("notificationclick", click("take", shown[0]));

    expect(shown[0]?.actions).toEqual([]);
    expect([asked, opened]).toEqual([[], ["/my-shifts"]]);
  });

  it("is shown even when it says nothing that can be read", async () => {
    const { happens, shown } = worker();
    await happens("push", { data: null });

    expect(shown).toHaveLength(1);
  });
});
