import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Duty } from "../../api/types";
import { draft, forgetDrafts } from "../../live/drafts";
import { type How, Settle } from "./Settle";

const duty = { id: "emergency", kind: "emergency", title: "Decide on emergency services", needs_second: true } as Duty;

function show(how: How, more: Partial<Duty> = {}, seconding = false, status = 200) {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", (path: string, request: { body: string }) => {
    sent.push([path, JSON.parse(request.body)]);
    const body = status === 200 ? { case: {} } : { detail: "Say in a few words what was done, and by whom." };
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  const left = vi.fn();
  render(<Settle duty={{ ...duty, ...more }} how={how} caseId="c1" seconding={seconding} onDone={() => undefined} onLeave={left} />);
  return { sent, left };
}

const write = (words: string) => fireEvent.change(screen.getByRole("textbox"), { target: { value: words } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

afterEach(() => {
  cleanup();
  forgetDrafts();
  vi.unstubAllGlobals();
});

describe("what became of something owed", () => {
  it("is not said without words where words are needed", () => {
    const { sent } = show("done");
    press("Save");

    expect(sent).toEqual([]);
    expect(screen.getByRole("alert").textContent).toBe("Say it in a few words.");
  });

  it("may be said without words where a tick is enough", async () => {
    const { sent, left } = show("done", { kind: "notify", id: "notify-supervisor" });
    press("Save");
    await waitFor(() => expect(left).toHaveBeenCalled());

    expect(sent).toEqual([["/api/cases/c1/duties/notify-supervisor", { done: true, words: "" }]]);
  });

  it("is only proposed when one person alone cannot decline it, and says so first", async () => {
    const { sent, left } = show("not_done");
    expect(screen.getByText(/a second one must agree/)).toBeTruthy();
    write("They walked out and are safe.");
    press("Propose not to do it");
    await waitFor(() => expect(left).toHaveBeenCalled());

    expect(sent).toEqual([["/api/cases/c1/duties/emergency", { done: false, words: "They walked out and are safe." }]]);
    expect(draft("duty not_done emergency", "c1")).toBe("");
  });

  it("is agreed to by the second person with a reason of their own", () => {
    show("not_done", {}, true);

    expect(screen.getByRole("button", { name: "Agree: it shall not be done" })).toBeTruthy();
    expect(screen.getByLabelText(/Why you agree/)).toBeTruthy();
  });

  it("keeps what was typed when it was refused, and shows why", async () => {
    const { left } = show("done", {}, false, 422);
    write("911, by me");
    press("Save");
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("by whom"));

    expect(left).not.toHaveBeenCalled();
    expect(draft("duty done emergency", "c1")).toBe("911, by me");
  });
});
