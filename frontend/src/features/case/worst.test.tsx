// What a case says of its call, of its notes and of what holds it open, at the moment when it matters.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Case, CaseDetail, Escalation, Person } from "../../api/types";
import type { Live, LiveClient } from "../../live/client";
import { LiveProvider } from "../../live/context";
import { urgent } from "../../live/cases";
import { forgetDrafts } from "../../live/drafts";
import { CallControls } from "./CallControls";
import { CaseBar } from "./CaseBar";
import { CloseCase } from "./CloseCase";
import { Notes } from "./Notes";

const NOW = Date.parse("2026-11-23T21:20:00Z");
const me = { id: "rosa", name: "Rosa Ruiz", roles: ["responder"] } as unknown as Person;
const link: LiveClient = (() => {
  const live: Live = { link: "live", lastHeard: NOW, picture: null };
  return { get: () => live, subscribe: () => () => undefined, offset: () => 0, tryNow: () => undefined, stop: () => undefined };
})();

const call = (more: Partial<Case> = {}) =>
  ({
    id: "c1",
    number: "1012",
    sequence: 7,
    state: "active",
    channel: "voice",
    language: "en",
    risk: "not_assessed",
    responder: "rosa",
    opened_at: "2026-11-23T21:19:00Z",
    claimed_at: "2026-11-23T21:19:30Z",
    call_over: false,
    in_room: [],
    escalations: [],
    duties: [],
    ...more,
  }) as unknown as Case;
const page = (more: Partial<Escalation>) => ({ id: "e", ladder: "clinical", about: "risk", state: "running", pages: [], steps: [], ...more }) as Escalation;
const ignore = () => undefined;

beforeEach(forgetDrafts);
afterEach(cleanup);

describe("the bar above a call", () => {
  const bar = (of: Case) => {
    render(
      <LiveProvider client={link}>
        <CaseBar of={of} me={me} onDone={ignore} onLeft={ignore} acts={null} />
      </LiveProvider>,
    );
    return screen.getAllByRole("term").map((one) => one.textContent);
  };

  it("says that nobody has joined until one of ours is in the room", () => {
    expect(bar(call())).toContain("On the line, nobody has joined yet");
  });

  it("says that there is talk once one is", () => {
    expect(bar(call({ in_room: ["sam"] }))).toContain("Talking");
  });

  it("says neither when the call is over", () => {
    expect(bar(call({ call_over: true }))).toEqual(["Channel", "Open"]);
  });

  it.each(["Close…", "Give back"])("%s: Escape leads back to the button that opened the form", (name) => {
    bar(call());
    fireEvent.click(screen.getByRole("button", { name }));
    const form = screen.getByRole("form");
    fireEvent.keyDown(form, { key: "Escape" });

    expect(screen.queryByRole("form")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name }));
  });
});

describe("the call itself", () => {
  const controls = (of: Case, first = true) =>
    render(<CallControls of={of} me={me} staff={[]} masked="•••42" first={first} onDone={ignore} />).container;

  it("gives the focus to the button that rings, for whoever has to join", () => {
    controls(call());

    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Ring my telephone" }));
  });

  it("takes the focus from nobody who only looks on", () => {
    controls(call({ in_room: ["sam"] }), false);

    expect(document.activeElement).toBe(document.body);
    expect(screen.getByRole("status").textContent).toBe("");
  });

  it("says when it is over, what comes of another call, and that the number is masked", () => {
    const words = controls(call({ call_over: true })).textContent;

    expect(words).toContain("The call is over.");
    expect(words).toContain("the call comes back here");
    expect(words).toContain("only as •••42");
  });
});

describe("what holds a case open", () => {
  const form = (of: Case) => render(<CloseCase of={of} stale={false} onDone={ignore} onCancel={ignore} />).container.textContent;

  it.each([
    ["running", "Clinician page: nobody has it yet"],
    ["exhausted", "Clinician page: nobody took it"],
  ] as const)("names a page that is %s before anybody presses the button", (state, words) => {
    expect(form(call({ escalations: [page({ state })] }))).toContain(words);
    expect(screen.getByRole("button", { name: "Go to the page" })).toBeTruthy();
  });

  it("does not name one that somebody took", () => {
    expect(form(call({ escalations: [page({ state: "taken" })] }))).not.toContain("page");
  });
});

describe("the notes", () => {
  const detail = { id: "c1", notes: [] } as unknown as CaseDetail;
  const drawn = (fold: boolean) => <Notes detail={detail} fold={fold} onDone={ignore} />;
  const box = () => screen.queryByRole("textbox", { name: "Notes" });
  const f2 = () => fireEvent.keyDown(window, { key: "F2" });

  it("fold to one line while something is urgent, and open with the focus by key", () => {
    render(drawn(true));
    expect(box()).toBeNull();
    f2();

    expect(document.activeElement).toBe(box());
  });

  it("keep what was typed, say that it is not saved, and give the focus back", () => {
    const { rerender } = render(drawn(false));
    fireEvent.change(screen.getByRole("textbox", { name: "Notes" }), { target: { value: "Kitchen." } });
    rerender(drawn(true));
    expect(box()).toBeNull();
    expect(screen.getByRole("status").textContent).toBe("not saved yet");
    fireEvent.click(screen.getByRole("button", { name: "Notes" }));
    expect((box() as HTMLTextAreaElement).value).toBe("Kitchen.");
    fireEvent.keyDown(screen.getByRole("textbox", { name: "Notes" }), { key: "Escape" });

    expect(box()).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Notes" }));
  });

  it("do not fold under somebody who is writing", () => {
    const { rerender } = render(drawn(false));
    screen.getByRole("textbox", { name: "Notes" }).focus();
    rerender(drawn(true));

    expect(document.activeElement).toBe(box());
  });

  it("take the focus from nobody when they unfold by themselves", () => {
    const { rerender } = render(drawn(true));
    rerender(drawn(false));

    expect(box()).not.toBeNull();
    expect(document.activeElement).toBe(document.body);
  });
});

describe("what is urgent", () => {
  it.each([
    [{ risk: "imminent" }, true],
    [{ risk: "high", escalations: [page({})] }, true],
    [{ risk: "high", escalations: [page({ state: "exhausted" })] }, true],
    [{ risk: "high", escalations: [page({ state: "taken" })] }, false],
    [{ risk: "imminent", state: "closed" }, false],
  ] as const)("%#: imminent risk, or a page that nobody has, in an open case", (more, expected) => {
    expect(urgent(call(more as unknown as Partial<Case>))).toBe(expected);
  });
});
