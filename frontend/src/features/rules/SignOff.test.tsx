import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Person, Rules } from "../../api/types";
import { SignOff } from "./SignOff";

const NONE: Rules["signature"] = { state: "none", proposed_by: null, proposed_by_id: null, signed_by: [], reason: "", first_reason: "", at: null };
const PROPOSED = { ...NONE, state: "proposed", proposed_by: "Dr. Ana Osei", proposed_by_id: "ana", reason: "Read all of it." };
const who = (id: string, ...roles: Person["roles"]): Person => ({ id, name: id, role: roles[0] ?? "responder", roles, languages: ["en"] });

function show(signature: Rules["signature"], me: Person, status = 200) {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", (_path: string, request: { body: string }) => {
    sent.push(JSON.parse(request.body));
    const body = status === 200 ? { version: "v1" } : { detail: "The rules have changed since you read them." };
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  const signed = vi.fn();
  render(<SignOff rules={{ version: "v1", signature } as Rules} me={me} onSigned={signed} />);
  return { sent, signed };
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("who answers for the rules", () => {
  it("is nobody at first, and that is said plainly", () => {
    show(NONE, who("rosa", "responder"));

    expect(screen.getByRole("heading").textContent).toBe("Clinician sign-off: none.");
    expect(screen.getByText("Nothing here is clinically validated.")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("needs a reason, and names the version that was read", async () => {
    const { sent, signed } = show(NONE, who("sam", "supervisor"));
    fireEvent.click(screen.getByRole("button", { name: "Sign this version…" }));
    fireEvent.click(screen.getByRole("button", { name: "Sign" }));

    expect(sent).toEqual([]);
    expect(screen.getByRole("alert").textContent).toBe("Say what you checked, in a few words.");

    fireEvent.change(screen.getByRole("textbox"), { target: { value: "Read every rule." } });
    fireEvent.click(screen.getByRole("button", { name: "Sign" }));
    await waitFor(() => expect(signed).toHaveBeenCalled());
    expect(sent).toEqual([{ version: "v1", reason: "Read every rule." }]);
  });

  it("shows the second person who proposed it and why", () => {
    show(PROPOSED, who("sam", "supervisor"));

    expect(screen.getByText(/Dr. Ana Osei would sign/)).toBeTruthy();
    expect(screen.getByText("Read all of it.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Sign as the second person…" })).toBeTruthy();
  });

  it("does not let the first person be the second as well", () => {
    show(PROPOSED, who("ana", "clinician"));

    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText(/A second person must sign as well/)).toBeTruthy();
  });

  it("says when the rules have changed meanwhile, and keeps the reason", async () => {
    const { signed } = show(NONE, who("sam", "supervisor"), 409);
    fireEvent.click(screen.getByRole("button", { name: "Sign this version…" }));
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "Read every rule." } });
    fireEvent.click(screen.getByRole("button", { name: "Sign" }));
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("have changed"));

    expect(signed).not.toHaveBeenCalled();
    expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("Read every rule.");
  });

  it("names both once two have signed", () => {
    show({ ...NONE, state: "signed", signed_by: ["Dr. Ana Osei", "Sam Lindqvist"], at: "2026-11-23T20:00:00Z" }, who("sam", "supervisor"));

    expect(screen.getByRole("heading").textContent).toBe("Clinician sign-off: Dr. Ana Osei, Sam Lindqvist.");
    expect(screen.queryByRole("button")).toBeNull();
  });
});
