// English. Split by room; the spread keeps one flat shape per room.
import { assessment } from "./en.assessment";
import { board } from "./en.board";
import { cases } from "./en.case";
import { common } from "./en.common";
import { duties, records } from "./en.duties";
import { pageHand } from "./en.hand";
import { queue } from "./en.queue";
import { reach, reports } from "./en.reach";
import { rota } from "./en.rota";
import { rules } from "./en.rules";

export const en = { ...common, case: cases, ask: assessment, pageHand, board, queue, duties, records, rota, reach, reports, rules };
