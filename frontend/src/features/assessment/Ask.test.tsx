import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Option, Question, Script } from "../../api/types";
import { Ask } from "./Ask";

const option = (answer: string, more: Partial<Option> = {}): Option => ({
  answer,
  label: answer,
  hint: null,
  quiet: false,
  outlook: { risk: null, pages: [], asks: null },
  ...more,
});
const question: Question = {
  instrument: "now",
  item: "means",
  concept: "Means within reach",
  say: "Is it near you?",
  language: "en",
  other_languages: { es: "¿Lo tiene cerca?" },
  why: "Because.",
  wording: "own",
  type: "choice",
  options: [
    option("unknown", { quiet: true }),
    option("no"),
    option("reach", { outlook: { risk: "imminent", pages: ["Dr. Osei"], asks: null } }),
  ],
  answer: null,
};
const item = { instrument: "now", item: "means", concept: "Means within reach", answer: null, answer_label: null, state: "now", risk: null };
const script: Script = {
  script: "first",
  title: "First",
  version: "1",
  sign_off: "",
  language: "en",
  asked: 0,
  of: 1,
  next: question,
  questions: [],
  outline: [{ id: "now", title: "Right now", say: [], help: null, items: [item] }],
  missing: [item],
  flags: [],
};

function show() {
  const said = { answer: vi.fn(), reply: vi.fn(), jump: vi.fn(), imminent: vi.fn(() => Promise.resolve(null)) };
  render(
    <Ask
      script={script}
      channel="text"
      risk="high"
      takeFocus
      busy={false}
      problem={null}
      recorded={null}
      onAnswer={said.answer}
      onJump={said.jump}
      onPutInReply={said.reply}
      onImminent={said.imminent}
    />,
  );
  return said;
}

const chosen = () => screen.getAllByRole<HTMLInputElement>("radio").find((one) => one.checked)?.value;
const form = () => {
  const found = document.querySelector("form");
  if (!found) throw new Error("No form.");
  return found;
};

afterEach(cleanup);

describe("one question", () => {
  it("has the focus in its answers as soon as it appears", () => {
    show();

    expect(document.activeElement?.getAttribute("type")).toBe("radio");
  });

  it("is answered with a digit and Enter", () => {
    const said = show();
    fireEvent.keyDown(screen.getAllByRole("radio")[0] ?? document.body, { key: "2" });

    expect(chosen()).toBe("reach");

    fireEvent.submit(form());

    expect(said.answer).toHaveBeenCalledWith(question, "reach");
  });

  it("hears digits only inside its answers", () => {
    show();
    fireEvent.keyDown(document.body, { key: "2" });

    expect(chosen()).toBeUndefined();
  });

  it("sends nothing before something was chosen, and says so", () => {
    const said = show();
    fireEvent.submit(form());

    expect(said.answer).not.toHaveBeenCalled();
    expect(screen.getByRole("alert").textContent).toContain("Choose what they said");
  });

  it("says what an answer would do before it is given, quiet answers last", () => {
    show();
    const rows = screen.getAllByRole("listitem").map((row) => row.textContent);

    expect(rows[1]).toContain("Imminent, pages Dr. Osei");
    expect(rows.at(-1)).toContain("never counts as no");
  });

  it("puts the words into the reply, in the language that is shown", () => {
    const said = show();
    fireEvent.click(screen.getByText("Español"));
    fireEvent.keyDown(window, { key: "i", ctrlKey: true });

    expect(said.reply).toHaveBeenCalledWith("¿Lo tiene cerca?");
  });

  it("asks once more, in place, before it says that it is imminent", () => {
    const said = show();
    fireEvent.click(screen.getByText("Say it is imminent now"));

    expect(said.imminent).not.toHaveBeenCalled();
    expect(screen.queryByRole("dialog")).toBeNull();

    fireEvent.click(screen.getByText("Yes, it is imminent now"));

    expect(said.imminent).toHaveBeenCalledOnce();
  });
});
