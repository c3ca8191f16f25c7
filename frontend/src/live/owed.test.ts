import { describe, expect, it } from "vitest";
import type { Case, Duty, OwedDuty } from "../api/types";
import { afterChange } from "./owed";

const owed = (of: string, id: string): OwedDuty => ({ case: of, id, state: "open", decline_proposed_by: null }) as OwedDuty;
const changed = (id: string, ...duties: Partial<Duty>[]): Case => ({ id, duties }) as Case;

describe("what is owed in closed cases, after a change of ours", () => {
  it("is without what was settled, in that case alone", () => {
    const list = [owed("a", "report"), owed("a", "follow_up"), owed("b", "report")];
    const after = afterChange(list, changed("a", { id: "report", state: "met" }, { id: "follow_up", state: "open" }));

    expect(after.map((one) => `${one.case} ${one.id}`)).toEqual(["a follow_up", "b report"]);
  });

  it("says who would not do it, and still knows its case", () => {
    const after = afterChange([owed("a", "report")], changed("a", { id: "report", state: "open", decline_proposed_by: "rui" }));

    expect(after).toMatchObject([{ case: "a", id: "report", decline_proposed_by: "rui" }]);
  });
});
