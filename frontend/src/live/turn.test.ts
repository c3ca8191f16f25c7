// The same samples as the server's: tests/samples/queue.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Placed, inOrder, isOverdue } from "./turn";

interface Sample {
  what: string;
  now: string;
  cases: Placed[];
  order: string[];
  overdue: string[];
}

const samples = JSON.parse(readFileSync(join(import.meta.dirname, "../../../tests/samples/queue/order.json"), "utf8")) as Sample[];
const idsOf = (cases: Placed[]) => cases.map((each) => each.id);

describe("the order of those who wait", () => {
  it.each(samples)("$what", ({ now, cases, order, overdue }) => {
    const instant = Date.parse(now);

    expect(idsOf(inOrder(cases, instant))).toEqual(order);
    expect(idsOf(inOrder([...cases].reverse(), instant))).toEqual(order);
    expect(idsOf(cases.filter((each) => isOverdue(each, instant))).sort()).toEqual([...overdue].sort());
  });

  it("changes as time passes, with nothing said by the server", () => {
    const sample = samples.find((one) => one.what.startsWith("a wait is too long"));
    if (!sample) throw new Error("No such sample.");

    expect(idsOf(inOrder(sample.cases, Date.parse(sample.now) - 1))).toEqual(["high", "just-now", "not-yet"]);
    expect(idsOf(inOrder(sample.cases, Date.parse(sample.now)))).toEqual(["just-now", "high", "not-yet"]);
    expect(idsOf(inOrder(sample.cases, Date.parse(sample.now) + 1000))).toEqual(["just-now", "not-yet", "high"]);
  });
});
