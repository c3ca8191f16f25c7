import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Case, Whom } from "../../api/types";
import type { Live, LiveClient } from "../../live/client";
import { LiveProvider } from "../../live/context";
import { PageSomebody } from "./PageSomebody";

const NOW = Date.parse("2026-11-23T21:20:00Z");
const whom: Whom = {
  ladders: [
    { name: "clinical", steps: ["on call, clinicians", "every supervisor"] },
    { name: "imminent", steps: ["on call, clinicians, every supervisor"] },
  ],
  people: [
    { id: "ana", name: "Ana", roles: ["clinician"], away: false },
    { id: "sam", name: "Sam", roles: ["supervisor"], away: true },
  ],
};
let sent: [string, unknown][];
let refuse: object | null;

const linked = (link: Live["link"]): LiveClient => {
  const live: Live = { link, lastHeard: NOW, picture: null };
  return { get: () => live, subscribe: () => () => undefined, offset: () => 0, tryNow: () => undefined, stop: () => undefined };
};
const field = (label: string) => screen.getByLabelText<HTMLSelectElement>(label);
const options = (label: string) => [...field(label).options].map((one) => one.textContent);
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const write = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });

async function opened(risk: Case["risk"] = "high", link: Live["link"] = "live") {
  render(
    <LiveProvider client={linked(link)}>
      <PageSomebody of={{ id: "c1", risk } as Case} />
    </LiveProvider>,
  );
  press("Page somebody…");
  await screen.findByRole("form");
}

beforeEach(() => {
  sent = [];
  refuse = null;
  vi.stubGlobal("fetch", (path: string, how: RequestInit) => {
    if (how.method === "GET") return Promise.resolve(new Response(JSON.stringify(whom)));
    sent.push([path, JSON.parse(how.body as string)]);
    return Promise.resolve(refuse ? new Response(JSON.stringify(refuse), { status: 422 }) : new Response("{}"));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("paging somebody of one's own choice", () => {
  it("offers everybody who can be reached, says who is away, and stands on the first field", async () => {
    await opened();

    expect(options("Whom first")).toEqual(["No particular person", "Ana", "Sam (on leave)"]);
    expect(document.activeElement).toBe(field("Whom first"));
  });

  it.each([
    ["high", "clinical"],
    ["imminent", "imminent"],
  ] as const)("with risk %s it begins with the ladder %s", async (risk, ladder) => {
    await opened(risk);

    expect(field("Page by").value).toBe(ladder);
  });

  it("says what will happen before it does, and sends a person with what comes after", async () => {
    await opened();
    write("Whom first", "ana");
    write("From step", "2");

    expect(screen.getByText("Ana is paged now. If nobody takes it in time, it goes on to: every supervisor.")).toBeTruthy();

    write("Because", "They know Ana.");
    press("Page now");
    await waitFor(() => expect(screen.queryByRole("form")).toBeNull());

    expect(sent).toEqual([["/api/cases/c1/escalate", { ladder: "clinical", reason: "They know Ana.", step: 2, person: "ana" }]]);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Page somebody…" }));
  });

  it("without a person it sends a step alone, and another ladder begins at its first", async () => {
    await opened();
    write("From step", "2");
    write("Page by", "imminent");

    expect(screen.queryByLabelText("From step")).toBeNull();

    write("Because", "More people.");
    press("Page now");
    await waitFor(() => expect(sent).toEqual([["/api/cases/c1/escalate", { ladder: "imminent", reason: "More people.", step: 1 }]]));
  });

  it("asks for a reason first, and keeps what was filled in when it is refused", async () => {
    await opened();
    press("Page now");

    expect(screen.getByRole("alert").textContent).toBe("Say why, in a few words.");
    expect(sent).toEqual([]);

    refuse = { detail: "There is nobody “ana” on the staff who can be reached." };
    write("Whom first", "ana");
    write("Because", "They know Ana.");
    press("Page now");

    await screen.findByText("There is nobody “ana” on the staff who can be reached.");
    expect(field("Because").value).toBe("They know Ana.");
  });

  it("sends nothing on old figures", async () => {
    await opened("high", "not_live");
    write("Because", "They know Ana.");
    fireEvent.click(screen.getByRole("button", { name: /^Page now/ }));
    fireEvent.submit(screen.getByRole("form"));

    expect(sent).toEqual([]);
  });
});
