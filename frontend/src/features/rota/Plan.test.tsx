import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Proposal, RotaAbout } from "../../api/types";
import { Plan } from "./Plan";

const about = { name: "clinicians", timezone: "UTC" } as RotaAbout;
const shift = (day: number, stands: boolean): Proposal["shifts"][number] => ({
  person: { id: "ana", name: "Ana" },
  start: `2026-11-${day}T08:00:00Z`,
  end: `2026-11-${day + 1}T08:00:00Z`,
  stands,
});

async function proposed(...shifts: Proposal["shifts"]) {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ rota: "clinicians", shifts, load: [] }))));
  render(<Plan about={about} onDone={() => undefined} />);
  fireEvent.click(screen.getByRole("button", { name: "Propose a fair plan" }));
  await waitFor(() => expect(screen.queryByRole("status")).toBeNull());
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("a fair plan", () => {
  it("offers only what does not stand already, and says how much does", async () => {
    await proposed(shift(24, true), shift(25, false), shift(26, true));

    expect(screen.getByText("2 shifts of it stand already; these do not:")).toBeTruthy();
    expect(screen.getAllByRole("button", { name: "Put on call Ana" })).toHaveLength(1);
    expect(screen.getByText(/Wed 25/)).toBeTruthy();
  });

  it("says so when all of it stands", async () => {
    await proposed(shift(24, true));

    expect(screen.getByText("All of it stands already: nothing is left to put on call.")).toBeTruthy();
    expect(screen.queryAllByRole("button")).toEqual([]);
  });
});
