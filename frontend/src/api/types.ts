// The shapes that cross the wire, under the names that the screens use. They are not written here: `npm run types` makes
// schema.d.ts from openapi.json, which the server wrote. Only the live messages, which OpenAPI cannot say, are ours.
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Risk = Shapes["Risk"];
export type Channel = Shapes["Channel"];
export type Role = Shapes["Role"];

export type Case = Shapes["Case"];
export type CaseDetail = Shapes["CaseDetail"];
export type Escalation = Shapes["EscalationOut"];
export type Step = Shapes["StepOut"];
export type Page = Shapes["PageOut"];
export type Attempt = Shapes["AttemptOut"];
export type Message = Shapes["MessageOut"];
export type Duty = Shapes["DutyOut"];
export type OwedDuty = Shapes["OwedOut"];
export type OwedList = Shapes["OwedList"];
export type DutyKind = Shapes["DutyKind"];
export type PaperRecord = Shapes["RecordOut"];
export type Blank = Shapes["BlankOut"];
export type RecordList = Shapes["RecordList"];
export type OutsideResult = Shapes["OutsideResultOut"];
export type Done = Shapes["Done"];
export type Whom = Shapes["WhomOut"];
export type PageDone = Shapes["PageDone"];

export type Script = Shapes["ScriptOut"];
export type Question = Shapes["QuestionOut"];
export type Option = Shapes["OptionOut"];
export type OutlineSection = Shapes["OutlineSection"];
export type OutlineItem = Shapes["OutlineItem"];
export type Result = Shapes["ResultOut"];

export type Rules = Shapes["RulesOut"];
export type Rule = Shapes["RuleOut"];
export type Instrument = Shapes["InstrumentOut"];

export type Board = Shapes["BoardOut"];
export type Service = Shapes["ServiceOut"];
export type OnCall = Shapes["OnCallOut"];
export type Staff = Shapes["StaffOut"];

export type PersonRef = Shapes["PersonRef"];
export type Stretch = Shapes["StintOut"];
export type Method = Shapes["Method"];
export type RotaAbout = Shapes["RotaOut"];
export type RotaList = Shapes["RotaList"];
export type RotaCalendar = Shapes["RotaCalendarOut"];
export type CalendarShift = Shapes["ShiftOut"];
export type Override = Shapes["OverrideOut"];
export type OverrideChange = Override["change"];
export type Cover = Shapes["CoverOut"];
export type CoverMay = Cover["may"][number];
export type Leave = Shapes["LeaveOut"];
export type LeaveList = Shapes["LeaveList"];
export type MyShift = Shapes["MyShiftOut"];
export type MyShifts = Shapes["MyShiftsOut"];
export type Coverage = Shapes["CoverageOut"];
export type Load = Shapes["LoadOut"];
export type RotaLoad = Shapes["RotaLoadOut"];
export type Proposal = Shapes["ProposalOut"];
export type Way = Shapes["WayOut"];
export type TestPage = Shapes["TestPageOut"];
export type MyReach = Shapes["MyReachOut"];
export type StaffReach = Shapes["StaffReachOut"];
export type CalendarLink = Shapes["CalendarLinkOut"];
export type PageReport = Shapes["PageReportOut"];
export type OnCallReport = Shapes["OnCallReportOut"];

export type Person = Shapes["PersonOut"];
export type Me = Shapes["MeOut"];
export type Login = Shapes["LoginOut"];

export type LiveMessage =
  | ({ kind: "snapshot" } & Board)
  | { kind: "change"; sequence: number; type: string; case: Case | null }
  | { kind: "service"; sequence: number; service: Service; on_call: OnCall[] }
  | { kind: "heartbeat"; sequence: number; at: string };
