// A reason to read something anew: said once after each change of ours.
import { useCallback, useState } from "react";

export function useAgain(): [turn: number, again: () => void] {
  const [turn, setTurn] = useState(0);
  return [turn, useCallback(() => setTurn((was) => was + 1), [])];
}
