import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { RotaAbout } from "../../api/types";
import { WhoCould } from "./WhoCould";

const PEOPLE = [{ id: "ana", name: "Ana" }];
const about = { name: "clinicians", timezone: "UTC", last_resort: [], layers: [{ name: "first", type: "weekly", timezone: "UTC", people: PEOPLE }] } as unknown as RotaAbout;
const stretch = { start: "2026-11-24T14:00:00Z", end: "2026-11-24T15:00:00Z" };
const ignore = () => undefined;

afterEach(cleanup);

describe("who could fill a hole", () => {
  const drawn = (of: typeof stretch) => (
    <WhoCould about={about} rotas={[about]} stretch={of} load={[]} onDone={() => undefined} onOther={ignore} onLeave={ignore} />
  );

  it("takes the focus when it opens and for another hole, and never back when it is only drawn anew", () => {
    const { rerender } = render(drawn(stretch));
    const head = screen.getByRole("heading");
    expect(document.activeElement).toBe(head);

    const button = screen.getByRole("button", { name: "Put on call Ana" });
    button.focus();
    rerender(drawn(stretch));
    expect(document.activeElement).toBe(button);

    rerender(drawn({ ...stretch, start: "2026-11-24T13:00:00Z" }));
    expect(document.activeElement).toBe(head);
  });
});
