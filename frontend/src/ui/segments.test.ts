import { describe, expect, it } from "vitest";
import { segments } from "./segments";

describe("how many messages a reply becomes", () => {
  it.each([
    ["", 1, 0, 160],
    ["a".repeat(160), 1, 160, 160],
    ["a".repeat(161), 2, 161, 306],
    ["ñ".repeat(160), 1, 160, 160], // plain enough for the carrier
    ["í", 1, 1, 70], // not plain: every character takes more room
    ["€", 1, 2, 160], // counts twice
    ["’".repeat(71), 2, 71, 134], // a curly apostrophe costs half the message
  ])("%j", (text, messages, used, of) => {
    expect(segments(text)).toEqual({ messages, used, of });
  });
});
