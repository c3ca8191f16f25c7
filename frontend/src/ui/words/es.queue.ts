import type { queue as English } from "./en.queue";

export const queue: typeof English = {
  whyHere: "Por qué aquí",
  reasons: {
    imminent: "Riesgo inminente",
    high: "Riesgo alto",
    moderate: "Riesgo moderado",
    not_assessed: "Aún sin evaluar",
    low: "Riesgo bajo",
    none: "Sin riesgo hallado",
    danger_now: "Sus palabras hablan de peligro ahora",
    danger: "Sus palabras hablan de peligro",
    watch: "Sus palabras pueden hablar de peligro",
    hung_up: "Colgó: devolver la llamada",
  },
  pastLongest: (wait) => `Pasada la espera máxima de ${wait}`,
  minutes: (n) => `${n} min`,
  seconds: (n) => `${n} s`,
};
