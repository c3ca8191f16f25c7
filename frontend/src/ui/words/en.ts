// English. Split by room; the spread keeps one flat shape per room.
import { assessment } from "./en.assessment";
import { board } from "./en.board";
import { cases } from "./en.case";
import { common } from "./en.common";

export const en = { ...common, case: cases, ask: assessment, board };
