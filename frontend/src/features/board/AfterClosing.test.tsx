import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../api/client";
import type { OwedDuty } from "../../api/types";
import type { Live, LiveClient } from "../../live/client";
import { LiveProvider } from "../../live/context";
import { AfterClosing } from "./AfterClosing";

const NOW = Date.parse("2026-11-23T21:20:00Z");
const owed = (id: string, more: Partial<OwedDuty> = {}) =>
  ({ id, case: `c-${id}`, case_number: id.toUpperCase(), title: `Title ${id}`, state: "open", closed_at: "2026-11-23T21:00:00Z", drill: false, ...more }) as OwedDuty;

/** A link that says what it is told to say. */
function link(live: Partial<Live> = {}): LiveClient {
  const now: Live = { link: "live", lastHeard: NOW, picture: null, ...live };
  return { get: () => now, subscribe: () => () => undefined, offset: () => 0, tryNow: () => undefined, stop: () => undefined };
}

function drawn(list: OwedDuty[], problem: Problem | null = null, live: Partial<Live> = {}) {
  return (
    <LiveProvider client={link(live)}>
      <AfterClosing list={list} problem={problem} one={(one) => <button type="button">{`Done ${one.id}`}</button>} />
    </LiveProvider>
  );
}

const section = () => screen.queryByRole("region", { name: "Still owed after closing" });

afterEach(cleanup);

describe("what is still owed after closing", () => {
  it("is not there as long as nothing is", () => {
    render(drawn([]));

    expect(section()).toBeNull();
  });

  it("names the case with a way into it, and what can be said about it", () => {
    render(drawn([owed("a", { drill: true })]));

    expect(screen.getByRole("link", { name: "Open case A" }).getAttribute("href")).toBe("/case/c-a");
    expect(screen.getByRole("button", { name: "Done a" })).toBeTruthy();
    expect(section()?.textContent).toMatch(/drill/i);
  });

  it("stays when the last was settled, so that the focus has somewhere to be", () => {
    const { rerender } = render(drawn([owed("a")]));
    rerender(drawn([]));

    expect(section()?.textContent).toContain("Nothing is owed.");
  });

  it("keeps a row in its place, without buttons, while somebody stands on the list", () => {
    const { rerender } = render(drawn([owed("a"), owed("b")]));
    fireEvent.focus(screen.getByRole("button", { name: "Done b" }));
    rerender(drawn([owed("b")]));

    expect(screen.getAllByRole("listitem").map((row) => row.className)).toEqual(["duty gone", "duty"]);
    expect(screen.queryByRole("button", { name: "Done a" })).toBeNull();
  });

  it("shows the first few, and the rest by one touch", () => {
    render(drawn("abcdefgh".split("").map((id) => owed(id))));
    expect(screen.getAllByRole("listitem")).toHaveLength(6);
    fireEvent.click(screen.getByRole("button", { name: "Show all 8" }));

    expect(screen.getAllByRole("listitem")).toHaveLength(8);
  });

  it("says that it could not be read, and does not pass for nothing owed", () => {
    render(drawn([], new Problem(503, "Nothing can be read just now.")));

    expect(section()?.textContent).toContain("Nothing can be read just now.");
    expect(section()?.textContent).not.toContain("Nothing is owed.");
  });

  it("is marked as old while the screen is not live", () => {
    render(drawn([owed("a")], null, { link: "not_live" }));

    expect(section()?.className).toContain("stale");
  });
});
