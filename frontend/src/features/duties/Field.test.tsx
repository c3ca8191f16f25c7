import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Blank } from "../../api/types";
import { draft, forgetDrafts } from "../../live/drafts";
import { Field } from "./Field";

const blank: Blank = { id: "age", label: "Age", help: "", needed: true, choices: [], words: "", by: null, at: null };

/** A server that keeps one field: what it was sent, and whether it answers at all. */
function server() {
  const sent: string[] = [];
  const state = { answers: true, hold: null as Promise<void> | null };
  vi.stubGlobal("fetch", async (_path: string, request: { body: string }) => {
    sent.push((JSON.parse(request.body) as { words: string }).words);
    await state.hold;
    if (!state.answers) throw new TypeError("no answer");
    return new Response(JSON.stringify({ case: {} }), { status: 200 });
  });
  return { sent, state };
}

/** As the record around it does: after each save the field is read anew. */
function Around({ sent, start }: { sent: string[]; start: Blank }) {
  const [now, setNow] = useState(start);
  const reload = () => {
    setNow((was) => ({ ...was, words: sent.at(-1) ?? was.words, at: "2026-11-23T21:04:00" }));
    return Promise.resolve();
  };
  return <Field blank={now} record="mandated_report" caseId="c1" fill reload={reload} onDone={() => undefined} />;
}

const show = (sent: string[], more: Partial<Blank> = {}) => render(<Around sent={sent} start={{ ...blank, ...more }} />);
const box = () => screen.getByRole<HTMLTextAreaElement>("textbox");
const type = (words: string) => fireEvent.change(box(), { target: { value: words } });
const said = () => screen.getByRole("status").textContent;
const kept = () => draft("record mandated_report.age", "c1");

afterEach(() => {
  cleanup();
  forgetDrafts();
  vi.unstubAllGlobals();
});

describe("a field of a record", () => {
  it("is saved when it is left, and says when only after the server has it", async () => {
    const { sent } = server();
    show(sent);
    type("about 9");

    expect(said()).toBe("not saved yet");

    fireEvent.blur(box());

    expect(said()).toBe("saving");
    await waitFor(() => expect(said()).toBe("saved 21:04"));
    expect([sent, box().value, kept()]).toEqual([["about 9"], "about 9", ""]);
  });

  it("is not sent when nothing was changed", () => {
    const { sent } = server();
    show(sent, { words: "9" });
    fireEvent.blur(box());

    expect(sent).toEqual([]);
  });

  it("keeps what was typed when no answer comes, and can be tried again", async () => {
    const { sent, state } = server();
    state.answers = false;
    show(sent);
    type("about 9");
    fireEvent.blur(box());
    await waitFor(() => expect(said()).toBe("not saved"));

    expect([box().value, kept()]).toEqual(["about 9", "about 9"]);

    state.answers = true;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(said()).toBe("saved 21:04"));
    expect(kept()).toBe("");
  });

  it("keeps what was typed when its form is put away unsaved, and says that it is not saved", () => {
    const { sent } = server();
    show(sent);
    type("about 9");
    cleanup();
    show(sent);

    expect([box().value, said()]).toEqual(["about 9", "not saved yet"]);
  });

  it("sends the latest choice, also when it was changed while the first was on its way", async () => {
    const { sent, state } = server();
    let letGo: () => void = () => undefined;
    state.hold = new Promise((done) => (letGo = done));
    show(sent, { choices: ["yes", "no"] });
    fireEvent.click(screen.getByLabelText("Yes"));
    fireEvent.click(screen.getByLabelText("No"));

    expect(sent).toEqual(["yes"]);

    letGo();
    await waitFor(() => expect(said()).toBe("saved 21:04"));
    expect(sent).toEqual(["yes", "no"]);
    expect(screen.getByLabelText<HTMLInputElement>("No").checked).toBe(true);
  });

  it("can be emptied again", async () => {
    const { sent } = server();
    show(sent, { words: "9" });
    type("");

    expect([box().value, said()]).toEqual(["", "not saved yet"]);

    fireEvent.blur(box());
    await waitFor(() => expect(said()).toBe("saved 21:04"));
    expect([sent, box().value]).toEqual([[""], ""]);
  });
});
