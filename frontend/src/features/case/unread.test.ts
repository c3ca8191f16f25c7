import { describe, expect, it } from "vitest";
import type { Message } from "../../api/types";
import { unreadIn } from "./unread";

const message = (id: string, author: string): Message => ({
  id,
  author,
  author_name: "",
  text: id,
  state: "received",
  detail: "",
  at: "2026-11-23T21:00:00Z",
});

describe("what is new in a conversation", () => {
  const messages = [message("1", "person"), message("2", "p-ruiz"), message("3", "person"), message("4", "line"), message("5", "person")];
  const ids = (found: Message[]) => found.map((one) => one.id);

  it("is what they wrote after our last word", () => {
    expect(ids(unreadIn(messages, undefined))).toEqual(["3", "5"]);
  });

  it("is what they wrote after what was on the screen", () => {
    expect(ids(unreadIn(messages, "3"))).toEqual(["5"]);
    expect(ids(unreadIn(messages, "5"))).toEqual([]);
  });

  it("does not count an automatic reply as an answer", () => {
    expect(ids(unreadIn([message("1", "person"), message("2", "line")], undefined))).toEqual(["1"]);
  });
});
