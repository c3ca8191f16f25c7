// The live picture: a snapshot and numbered changes. Pure; the server's board is fed the same samples (tests/samples/live).
import type { Board, Case, LiveMessage, OnCall, Service } from "../api/types";

export interface Picture {
  sequence: number;
  at: string;
  cases: ReadonlyMap<string, Case>;
  on_call: OnCall[];
  service: Service;
  /** The highest number a heartbeat named. If we are still behind it at the next one, something was lost. */
  heard: number;
  /** The number of the last change after which something else may be owed in closed cases, which are not in here. */
  owed: number;
}

const CHANGES_WHAT_IS_OWED: ReadonlySet<string> = new Set(["DutyOpened", "DutyMet", "DutyDeclineProposed", "DutyDeclined", "CaseClosed"]);

/** `again`: this picture cannot be continued; ask for a new snapshot and show the old one as stale. */
export type Reduced = { picture: Picture; again: false } | { picture: Picture | null; again: true };

export function reduce(before: Picture | null, message: LiveMessage): Reduced {
  if (message.kind === "snapshot") return { picture: pictureOf(message), again: false };
  if (before === null) return { picture: null, again: true };

  switch (message.kind) {
    case "change":
      if (message.sequence <= before.sequence) return { picture: before, again: false };
      if (message.sequence !== before.sequence + 1) return { picture: before, again: true };
      return {
        picture: {
          ...before,
          sequence: message.sequence,
          cases: withCase(before.cases, message.case),
          owed: CHANGES_WHAT_IS_OWED.has(message.type) ? message.sequence : before.owed,
        },
        again: false,
      };
    case "service":
      return { picture: { ...before, service: message.service, on_call: message.on_call }, again: false };
    case "heartbeat":
      if (before.sequence < before.heard) return { picture: before, again: true };
      return { picture: { ...before, at: message.at, heard: message.sequence }, again: false };
    default:
      // A newer server says something that we do not know: its snapshot is the safe way to go on.
      return { picture: before, again: true };
  }
}

export function pictureOf(board: Board): Picture {
  return {
    sequence: board.sequence,
    at: board.at,
    cases: new Map(board.cases.filter((each) => each.state !== "closed").map((each) => [each.id, each])),
    on_call: board.on_call,
    service: board.service,
    heard: board.sequence,
    owed: board.sequence,
  };
}

function withCase(cases: ReadonlyMap<string, Case>, changed: Case | null): ReadonlyMap<string, Case> {
  if (changed === null) return cases;
  if (changed.state === "closed" && !cases.has(changed.id)) return cases;
  const next = new Map(cases);
  if (changed.state === "closed") next.delete(changed.id);
  else next.set(changed.id, changed);
  return next;
}
