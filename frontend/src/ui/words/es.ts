// Spanish. The same shape as English, or the build stops.
import type { Words } from "../words";
import { assessment } from "./es.assessment";
import { board } from "./es.board";
import { cases } from "./es.case";
import { common } from "./es.common";
import { duties, records } from "./es.duties";
import { pageHand } from "./es.hand";
import { queue } from "./es.queue";
import { reach, reports } from "./es.reach";
import { rota } from "./es.rota";
import { rules } from "./es.rules";

export const es: Words = { ...common, case: cases, ask: assessment, pageHand, board, queue, duties, records, rota, reach, reports, rules };
