export const queue = {
  whyHere: "Why here",
  reasons: {
    imminent: "Imminent risk",
    high: "High risk",
    moderate: "Moderate risk",
    not_assessed: "Not assessed yet",
    low: "Low risk",
    none: "No risk found",
    danger_now: "Their words speak of danger now",
    danger: "Their words speak of danger",
    watch: "Their words may mean danger",
    hung_up: "Hung up: call back",
  },
  pastLongest: (wait: string) => `Past the longest wait of ${wait}`,
  minutes: (n: number) => `${n} min`,
  seconds: (n: number) => `${n} s`,
};
