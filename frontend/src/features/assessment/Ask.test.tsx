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
  section: "now",
  instrument_title: "Right now",
  licence: "A",
  notice: "Not clinically validated.",
  validated: false,
  worded: true,
  needs_words: false,
  least: null,
  most: null,
  options: [
    option("unknown", { quiet: true }),
    option("no"),
    option("reach", { outlook: { risk: "imminent", pages: ["Dr. Osei"], asks: null } }),
  ],
  answer: null,
};
const item = { instrument: "now", item: "means", concept: "Means within reach", answer: null, answer_label: null, state: "now", risk: null, worded: true };
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
  outline: [
    {
      id: "now",
      title: "Right now",
      say: [],
      help: "Stay with them.",
      items: [item],
      about: "How close it is.",
      listen: "What is near.",
      calm: "Breathe slowly yourself.",
      may_skip: "When somebody else is asking.",
      skipped: false,
      opened: true,
      urgent: true,
      others: [{ ...item, item: "plan", concept: "A plan", state: "closed" }],
    },
  ],
  missing: [item],
  flags: [],
  validated: false,
  reader: "en",
  waiting: false,
  results: [],
};

function show(more: Partial<Script> = {}, canTakeUp = false) {
  const imminent = vi.fn(() => Promise.resolve(null));
  const said = { answer: vi.fn(), reply: vi.fn(), jump: vi.fn(), skip: vi.fn(), takeUp: vi.fn(), imminent };
  render(
    <Ask
      script={{ ...script, ...more }}
      channel="text"
      risk="high"
      stand={() => "answers"}
      busy={false}
      problem={null}
      recorded={canTakeUp ? "Skipped." : null}
      onAnswer={said.answer}
      onJump={said.jump}
      onPutInReply={said.reply}
      onSkip={said.skip}
      onTakeUp={canTakeUp ? said.takeUp : null}
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

    expect(said.answer).toHaveBeenCalledWith(question, "reach", "");
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

  it("says that nobody has shown that it measures anything", () => {
    show();

    expect(screen.getByText(/Not clinically validated/)).toBeTruthy();
  });

  it("keeps what to listen for and what calms folded until it is asked for", () => {
    show();
    expect(screen.queryByText(/Breathe slowly/)).toBeNull();

    fireEvent.click(screen.getByText("Help"));

    for (const words of [/What is near/, /Breathe slowly/, /Stay with them/, /When somebody else is asking/]) {
      expect(screen.getByText(words)).toBeTruthy();
    }
  });

  it("lays its part aside with one key, and takes it up again with another", () => {
    const said = show({}, true);
    fireEvent.keyDown(window, { key: "F7" });
    fireEvent.keyDown(window, { key: "F7", ctrlKey: true });

    expect(said.skip).toHaveBeenCalledExactlyOnceWith("now");
    expect(said.takeUp).toHaveBeenCalledOnce();
  });

  it("offers no skipping where a part cannot be skipped", () => {
    const said = show({ outline: script.outline.map((part) => ({ ...part, may_skip: null })) });
    fireEvent.keyDown(window, { key: "F7" });

    expect(said.skip).not.toHaveBeenCalled();
    fireEvent.click(screen.getByText("Help"));
    expect(screen.queryByText(/Skip this part/)).toBeNull();
  });

  it("can be left for a question that nothing calls for", () => {
    const said = show();
    fireEvent.click(screen.getByText("Ask something else"));
    fireEvent.click(screen.getByText("A plan"));

    expect(said.jump).toHaveBeenCalledWith("now.plan");
  });

  it("takes a number", () => {
    const age: Question = { ...question, type: "number", options: [option("unknown", { quiet: true })], least: 0, most: 130 };
    const said = show({ next: age });
    expect(document.activeElement?.id).toBe("answer-typed");
    fireEvent.change(screen.getByLabelText("Number"), { target: { value: "15" } });
    fireEvent.submit(form());

    expect(said.answer).toHaveBeenCalledWith(age, "15", "");
  });

  it("has no words to put into a reply when none are at hand", () => {
    const bare: Question = { ...question, worded: false, wording: "missing" };
    const said = show({ next: bare });
    fireEvent.keyDown(window, { key: "i", ctrlKey: true });

    expect(said.reply).not.toHaveBeenCalled();
    expect(screen.getByText(/No words for this are at hand/)).toBeTruthy();
  });

  it("sends the responder's own reason with an answer that needs one", () => {
    const level: Question = { ...question, needs_words: true };
    const said = show({ next: level });
    fireEvent.change(screen.getByLabelText("Your own reason, in a few words"), { target: { value: "how they said it" } });
    fireEvent.click(screen.getAllByRole("radio")[0] ?? document.body);
    fireEvent.submit(form());

    expect(said.answer).toHaveBeenCalledWith(level, "no", "how they said it");
  });
});

describe("nothing put forward", () => {
  it("says that the rest waits while it is imminent or was skipped, and never that all was asked", () => {
    show({ next: null, waiting: true });

    expect(screen.getByRole("heading").textContent).toBe("Nothing else is put forward now.");
    expect(screen.getByText(/What is left was skipped/)).toBeTruthy();
  });
});
