// Small facts about a script: where we are in it, in which order answers stand, what a digit chooses. Pure.
import type { Option, OutlineItem, OutlineSection, Question, Script } from "../../api/types";

export const keyOf = (at: { instrument: string; item: string }): string => `${at.instrument}.${at.item}`;

/** Plain answers first, in their order; then the quiet ones (does not want to say, no answer yet). */
export function inOrder(options: readonly Option[]): Option[] {
  return [...options.filter((one) => !one.quiet), ...options.filter((one) => one.quiet)];
}

/** What a pressed key chooses among so many answers: `1` is the first. Null for every other key. */
export function chosenBy(
  key: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  answers: number,
): number | null {
  if (key.ctrlKey || key.metaKey || key.altKey || !/^[1-9]$/.test(key.key)) return null;
  const index = Number(key.key) - 1;
  return index < answers ? index : null;
}

/** The items that count, each once, though two parts may ask the same. */
export function itemsOf(script: Script): OutlineItem[] {
  const counted = script.outline.flatMap((section) => section.items).filter((item) => item.state !== "skipped");
  const seen = new Set<string>();
  return counted.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}

/** What nothing calls for so far, and can be asked all the same. */
export function othersOf(script: Script): OutlineItem[] {
  const listed = new Set(itemsOf(script).map(keyOf));
  const found = new Map(script.outline.flatMap((section) => section.others).map((item) => [keyOf(item), item]));
  return [...found.values()].filter((item) => !listed.has(keyOf(item)));
}

/** `7 of 12`: the place of this question among those that count. */
export function placeOf(script: Script, question: Question): { place: number; of: number } {
  const items = itemsOf(script);
  const index = items.findIndex((item) => keyOf(item) === keyOf(question));
  return index < 0 ? { place: Math.min(script.asked + 1, script.of), of: script.of } : { place: index + 1, of: items.length };
}

/** The question before this one, to go back to. */
export function before(script: Script, question: Question | null): OutlineItem | undefined {
  const items = itemsOf(script);
  if (question === null) return items.at(-1);
  const index = items.findIndex((item) => keyOf(item) === keyOf(question));
  return index > 0 ? items[index - 1] : undefined;
}

/** Words that open a part are said once: before its first question, while nothing in it is answered. */
export function leadOf(section: OutlineSection | undefined, question: Question): string[] {
  const first = section?.items[0];
  if (!section || !first || keyOf(first) !== keyOf(question)) return [];
  return section.items.every((item) => item.answer === null) ? section.say : [];
}

export function sectionOf(script: Script, question: Question) {
  const here = script.outline.find((section) => section.id === question.section);
  return here ?? script.outline.find((section) => section.items.some((item) => keyOf(item) === keyOf(question)));
}
