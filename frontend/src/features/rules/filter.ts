// Which rules and questionnaires somebody looks for, and in which file a rule stands. Pure.
import type { Instrument, Rule } from "../../api/types";

const plain = (words: string) => words.toLocaleLowerCase().replaceAll(/[_\s-]+/g, " ");

/** Every word that was typed must stand somewhere, in any order. */
function says(words: readonly string[], typed: string): boolean {
  const all = plain(words.join(" "));
  return plain(typed)
    .trim()
    .split(" ")
    .every((word) => all.includes(word));
}

export function matchingRules(rules: readonly Rule[], typed: string): Rule[] {
  return rules.filter((rule) =>
    says([rule.id, rule.file, rule.sentence, rule.because, rule.source, ...rule.then, ...rule.when.map((one) => one.line)], typed),
  );
}

export function matchingInstruments(instruments: readonly Instrument[], typed: string): Instrument[] {
  return instruments.filter((one) => says([one.id, one.title, one.source], typed));
}

/** Rules file by file, in the order of the files as the server read them. */
export function byFile(rules: readonly Rule[]): [file: string, rules: Rule[]][] {
  const files = new Map<string, Rule[]>();
  for (const rule of rules) files.set(rule.file, [...(files.get(rule.file) ?? []), rule]);
  return [...files];
}

/** A sentence with its `code` apart: every second part is code. */
export function parts(sentence: string): { words: string; code: boolean }[] {
  return sentence
    .split("`")
    .map((words, index) => ({ words, code: index % 2 === 1 }))
    .filter((part) => part.words !== "");
}
