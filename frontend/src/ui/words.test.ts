import { describe, expect, it } from "vitest";
import { wordsOf } from "./words";

type Tree = { [key: string]: string | Tree | ((...values: never[]) => string) };

function leaves(tree: Tree, path = ""): [string, string | ((...values: never[]) => string)][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string | ((...values: never[]) => string)][] =>
    typeof value === "object" ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]],
  );
}

const MAY_BE_EMPTY = ["case.stateReceived"];

describe("the words", () => {
  const en = leaves(wordsOf("en"));
  const es = new Map(leaves(wordsOf("es")));

  it("exist in Spanish wherever they exist in English, and no more", () => {
    expect([...es.keys()].sort()).toEqual(en.map(([key]) => key).sort());
  });

  it.each(en.filter(([key]) => !MAY_BE_EMPTY.includes(key)))("%s says something in both languages", (key, value) => {
    const other = es.get(key);

    if (typeof value === "string") expect([value.trim(), String(other).trim()]).not.toContain("");
    else expect(typeof other).toBe("function");
  });

  it("count people the way each language does", () => {
    expect(wordsOf("en").case.waitLine(1, "0:40")).toBe("1 waits, since 0:40.");
    expect(wordsOf("es").case.waitLine(3, "1:52")).toBe("Esperan 3, quien más 1:52.");
  });
});
