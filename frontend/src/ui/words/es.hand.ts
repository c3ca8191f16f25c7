import type { pageHand as English } from "./en.hand";

export const pageHand: typeof English = {
  open: "Avisar a alguien…",
  title: "Avisar a una persona o un paso",
  person: "A quién primero",
  nobody: "A nadie en particular",
  away: (name) => `${name} (de permiso)`,
  ladder: "Avisar según",
  ladderAfter: "Después avisar según",
  step: "Desde el paso",
  thisPerson: (name, then) => `Se avisa ya a ${name}. Si nadie lo toma a tiempo, sigue con: ${then}.`,
  thisStep: (asked) => `Se avisa ya a: ${asked}. Si este aviso ya está en marcha, pasa a este paso.`,
  now: "Avisar ya",
  done: (whom) => `Se está avisando a: ${whom}.`,
};
