import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Cover, MyShift, Person } from "../../api/types";
import type { Live, LiveClient } from "../../live/client";
import { LiveProvider } from "../../live/context";
import { MyShifts } from "./MyShifts";

const NOW = Date.parse("2026-11-23T18:00:00Z");
const ANA = { id: "ana", name: "Ana" };
const BEN = { id: "ben", name: "Ben" };
const me = { ...ANA, role: "clinician", roles: ["clinician"], languages: ["en"] } as Person;
const shift = (day: number, more: Partial<MyShift> = {}): MyShift => ({
  rota: "clinicians",
  start: `2026-11-${day}T14:00:00Z`,
  end: `2026-11-${day + 1}T14:00:00Z`,
  layer: "first",
  for_whom: null,
  cover: null,
  ...more,
});
const cover = (more: Partial<Cover> = {}): Cover => ({
  id: "c1",
  rota: "clinicians",
  state: "open",
  person: BEN,
  start: "2026-11-27T02:00:00Z",
  end: "2026-11-27T14:00:00Z",
  asked_by: BEN,
  asked_at: "2026-11-23T12:00:00Z",
  lapses_at: "2026-11-27T14:00:00Z",
  of: null,
  in_exchange: null,
  note: "",
  taken_by: null,
  taken_at: null,
  declined_by: [],
  may: ["take", "decline"],
  warnings: [],
  ...more,
});
const ROTA = { name: "clinicians", timezone: "America/Chicago", last_resort: [], layers: [{ name: "first", type: "weekly", timezone: "America/Chicago", people: [ANA, BEN] }] };

let shifts: { shifts: MyShift[]; covers: Cover[]; on_call_now: string[] };
let posted: [string, unknown][];
let refuse: { status: number; detail: string } | null;

function answerTo(path: string): unknown {
  if (path.startsWith("/api/me/shifts")) return shifts;
  if (path.startsWith("/api/rotas")) return { rotas: [ROTA] };
  return { leave: [] };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  posted = [];
  refuse = null;
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  vi.stubGlobal("fetch", (path: string, how: RequestInit) => {
    if (how.method === "GET") return Promise.resolve(json(answerTo(path)));
    posted.push([path, JSON.parse(how.body as string)]);
    return Promise.resolve(refuse ? json({ detail: refuse.detail }, refuse.status) : json({}));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function drawn() {
  const now: Live = { link: "live", lastHeard: NOW, picture: null };
  const link: LiveClient = { get: () => now, subscribe: () => () => undefined, offset: () => 0, tryNow: () => undefined, stop: () => undefined };
  return render(
    <LiveProvider client={link}>
      <MyShifts me={me} />
    </LiveProvider>,
  );
}

describe("my shifts", () => {
  it("say first whether one is on call now, until when on the clock of the rota, and what comes next", async () => {
    shifts = { shifts: [shift(23), shift(26)], covers: [], on_call_now: ["clinicians"] };
    drawn();

    expect(await screen.findByText("You are on call now: clinicians, until Tue 24 Nov, 08:00")).toBeTruthy();
    expect(screen.getByText("Next: Thu 26 Nov, 08:00, clinicians.")).toBeTruthy();
  });

  it("say in full that one is not", async () => {
    shifts = { shifts: [], covers: [], on_call_now: [] };
    drawn();

    expect(await screen.findByText("You are not on call now")).toBeTruthy();
  });

  it("are handed over by asking, with the times as the server gave them when nobody touched them", async () => {
    shifts = { shifts: [shift(26)], covers: [], on_call_now: [] };
    drawn();
    fireEvent.click(await screen.findByRole("button", { name: /^Ask for cover/ }));
    fireEvent.click(screen.getByRole("button", { name: "Ask" }));

    await waitFor(() => expect(posted).toEqual([["/api/covers", { rota: "clinicians", start: shift(26).start, end: shift(26).end, note: "" }]]));
  });

  it("are not offered to be asked for twice, and say whose they still are", async () => {
    const asked = cover({ person: ANA, start: shift(26).start, end: shift(26).end, may: ["withdraw"] });
    shifts = { shifts: [shift(26)], covers: [asked], on_call_now: [] };
    drawn();

    expect(await screen.findByText(/The shift is still yours/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Ask for cover/ })).toBeNull();
    expect(screen.getByRole("button", { name: /^Take back/ })).toBeTruthy();
  });
});

describe("somebody's request", () => {
  it("shows what speaks against it, and is taken in one touch", async () => {
    shifts = { shifts: [], covers: [cover({ warnings: ["You would rest only 6 hours."], note: "Wedding" })], on_call_now: [] };
    drawn();

    expect(await screen.findByText("You would rest only 6 hours.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: /^Take it/ }));
    await waitFor(() => expect(posted).toEqual([["/api/covers/c1/take", {}]]));
  });

  it("that somebody else took first says so, and nothing pretends otherwise", async () => {
    shifts = { shifts: [], covers: [cover()], on_call_now: [] };
    refuse = { status: 409, detail: "Cleo has taken this shift already." };
    drawn();
    fireEvent.click(await screen.findByRole("button", { name: /^Take it/ }));

    expect((await screen.findByRole("alert")).textContent).toContain("Cleo has taken this shift already.");
  });

  it("is not overruled by whoever does not answer for the rota", async () => {
    shifts = { shifts: [], covers: [cover()], on_call_now: [] };
    refuse = { status: 422, detail: "Too little rest." };
    drawn();
    fireEvent.click(await screen.findByRole("button", { name: /^Take it/ }));

    await screen.findByRole("alert");
    expect(screen.queryByRole("button", { name: "Do it anyway" })).toBeNull();
  });
});
