// Answers may overtake each other: one that was asked for earlier never takes the place of one that was asked for later.
// One that was overtaken by a mere question is shown all the same, or news in quick succession would let nothing through.
export class Order {
  private asked = 0;
  private shown = 0;

  /** Said when something is asked for; the returned question is put when the answer is there. */
  ask(): () => boolean {
    const mine = ++this.asked;
    return () => {
      if (mine <= this.shown) return false;
      this.shown = mine;
      return true;
    };
  }

  /** Whatever was asked for until now is no longer wanted. */
  forget(): void {
    this.shown = this.asked;
  }
}
