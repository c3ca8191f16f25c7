import { describe, expect, it } from "vitest";
import type { Option, OutlineItem, OutlineSection, Question, Script } from "../../api/types";
import { before, chosenBy, inOrder, leadOf, othersOf, placeOf } from "./questions";

const option = (answer: string, quiet = false): Option => ({
  answer,
  label: answer,
  hint: null,
  quiet,
  outlook: { risk: null, pages: [], asks: null },
});
const item = (name: string, answer: string | null, state = "open"): OutlineItem => ({
  instrument: "asq",
  item: name,
  concept: name,
  answer,
  answer_label: answer,
  state,
  risk: null,
  worded: true,
});
const part = (id: string, say: string[], items: OutlineItem[]): OutlineSection => ({
  id,
  title: "",
  say,
  help: null,
  items,
  about: null,
  listen: null,
  calm: null,
  may_skip: null,
  skipped: false,
  opened: true,
  urgent: false,
  others: [item("q3", null, "closed"), item("q9", null, "closed")],
});
const question = (name: string): Question => ({
  instrument: "asq",
  item: name,
  concept: name,
  say: "",
  language: "en",
  other_languages: {},
  why: null,
  wording: "own",
  type: "yes_no",
  options: [],
  answer: null,
  section: "",
  instrument_title: "",
  licence: "A",
  notice: "",
  validated: false,
  worded: true,
  needs_words: false,
  least: null,
  most: null,
});
const script: Script = {
  script: "first",
  title: "",
  version: "1",
  sign_off: "",
  language: "en",
  asked: 1,
  of: 3,
  next: null,
  questions: [],
  outline: [
    part("a", ["Hello."], [item("q1", "yes", "answered"), item("skipped", null, "skipped")]),
    part("b", ["Now."], [item("q2", null), item("q3", null)]),
  ],
  missing: [],
  flags: [],
  validated: false,
  reader: "en",
  waiting: false,
  results: [],
};
const key = (name: string, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe("digits among the answers", () => {
  it("choose the answer of that number", () => {
    expect([chosenBy(key("1"), 5), chosenBy(key("5"), 5)]).toEqual([0, 4]);
  });

  it.each([
    ["a number without an answer", key("6")],
    ["zero", key("0")],
    ["a letter", key("a")],
    ["Enter", key("Enter")],
    ["a digit with Ctrl, which is the browser's", key("1", { ctrlKey: true })],
    ["a digit with Alt, which writes a character", key("1", { altKey: true })],
    ["a digit with Cmd, which changes the tab", key("1", { metaKey: true })],
  ])("ignore %s", (_, pressed) => {
    expect(chosenBy(pressed, 5)).toBeNull();
  });
});

describe("the order of answers", () => {
  it("puts the quiet ones last and keeps the rest", () => {
    const mixed = [option("unknown", true), option("no"), option("refused", true), option("yes")];

    expect(inOrder(mixed).map((one) => one.answer)).toEqual(["no", "yes", "unknown", "refused"]);
  });
});

describe("the place of a question", () => {
  it("counts only what the answers call for", () => {
    expect(placeOf(script, question("q2"))).toEqual({ place: 2, of: 3 });
  });

  it("leaves room for what nothing calls for, once", () => {
    expect(othersOf(script).map((one) => one.item)).toEqual(["q9"]);
  });

  it("has the question before it to go back to", () => {
    expect(before(script, question("q2"))?.item).toBe("q1");
    expect(before(script, question("q1"))).toBeUndefined();
    expect(before(script, null)?.item).toBe("q3");
  });

  it("opens a part with its words once, before anything in it is answered", () => {
    expect(leadOf(script.outline[1], question("q2"))).toEqual(["Now."]);
    expect(leadOf(script.outline[1], question("q3"))).toEqual([]);
    expect(leadOf(script.outline[0], question("q1"))).toEqual([]);
  });
});
