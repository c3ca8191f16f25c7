export const pageHand = {
  open: "Page somebody…",
  title: "Page a person or a step",
  person: "Whom first",
  nobody: "No particular person",
  away: (name: string) => `${name} (on leave)`,
  ladder: "Page by",
  ladderAfter: "Then page by",
  step: "From step",
  thisPerson: (name: string, then: string) => `${name} is paged now. If nobody takes it in time, it goes on to: ${then}.`,
  thisStep: (asked: string) => `Paged now: ${asked}. If this page runs already, it goes on to this step.`,
  now: "Page now",
  done: (whom: string) => `Being paged: ${whom}.`,
};
