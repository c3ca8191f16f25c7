import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { ImminentNow } from "./ImminentNow";

afterEach(cleanup);

describe("saying that it is imminent", () => {
  const opener = () => screen.getByRole("button", { name: "Say it is imminent now" });

  it.each([
    ["Escape", () => fireEvent.keyDown(screen.getByRole("group"), { key: "Escape" })],
    ["No", () => fireEvent.click(screen.getByRole("button", { name: "No, not now" }))],
  ])("%s leads back to the button that asked", (_, leave) => {
    render(<ImminentNow channel="voice" risk="high" onImminent={() => Promise.resolve(null)} />);
    expect(document.activeElement).toBe(document.body);
    fireEvent.click(opener());
    leave();

    expect(document.activeElement).toBe(opener());
  });
});
