import { describe, expect, it } from "vitest";
import { Order } from "./order";

describe("answers that overtake each other", () => {
  it("shows each that is newer than what is shown, also while a later one is on its way", () => {
    const order = new Order();
    const answers = [order.ask(), order.ask(), order.ask()];

    expect(answers.map((mayShow) => mayShow())).toEqual([true, true, true]);
  });

  it("never shows an older one after a newer one", () => {
    const order = new Order();
    const [first, second] = [order.ask(), order.ask()];

    expect(second()).toBe(true);
    expect(first()).toBe(false);
  });

  it("shows nothing that was asked for before it was to forget", () => {
    const order = new Order();
    const before = order.ask();
    order.forget();

    expect(before()).toBe(false);
    expect(order.ask()()).toBe(true);
  });
});
