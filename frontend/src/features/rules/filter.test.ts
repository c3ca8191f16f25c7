import { describe, expect, it } from "vitest";
import type { Rule } from "../../api/types";
import { byFile, matchingRules, parts } from "./filter";

const rule = (id: string, file: string, more: Partial<Rule> = {}): Rule => ({
  id,
  file,
  version: "1",
  sentence: "",
  when: [],
  then: [],
  because: "",
  source: "",
  fires: [],
  stays_calm: [],
  fired: 0,
  last_fired_at: null,
  ...more,
});
const rules = [
  rule("asq-acute", "escalation/suicide.yaml", { because: "Thoughts of killing oneself right now." }),
  rule("child-harmed", "escalation/abuse.yaml", { then: ["a report is opened (child)"] }),
  rule("partner", "escalation/suicide.yaml", { when: [{ depth: 0, words: "", line: 'lap.band == "triggered"' }] }),
];
const ids = (typed: string) => matchingRules(rules, typed).map((one) => one.id);

describe("looking for a rule", () => {
  it("shows all before anything is typed", () => {
    expect(ids("")).toHaveLength(3);
    expect(ids("  ")).toHaveLength(3);
  });

  it.each([
    ["ASQ", ["asq-acute"]],
    ["child harmed", ["child-harmed"]],
    ["now thoughts", ["asq-acute"]],
    ["report", ["child-harmed"]],
    ["lap.band", ["partner"]],
    ["suicide", ["asq-acute", "partner"]],
    ["nothing like it", []],
  ])("%j finds %j", (typed, found) => {
    expect(ids(typed)).toEqual(found);
  });

  it("shows what was found file by file", () => {
    expect(byFile(rules).map(([file, those]) => [file, those.length])).toEqual([
      ["escalation/suicide.yaml", 2],
      ["escalation/abuse.yaml", 1],
    ]);
  });
});

describe("a sentence", () => {
  it("keeps its code apart from its words", () => {
    expect(parts("When `a.b > 1` and c")).toEqual([
      { words: "When ", code: false },
      { words: "a.b > 1", code: true },
      { words: " and c", code: false },
    ]);
  });
});
