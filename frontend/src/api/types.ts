// The shapes that cross the wire, one to one with crisis_hub/web/schemas.py.

export type Risk = "not_assessed" | "none" | "low" | "moderate" | "high" | "imminent";
export type Channel = "voice" | "text";
export type Method = "sms" | "voice";
export type Role = "responder" | "clinician" | "supervisor" | "clinical_lead" | "admin" | "auditor";
export type CaseState = "waiting" | "active" | "closed";
export type EscalationState = "running" | "taken" | "exhausted" | "stood_down";
export type PageState = "open" | "taken" | "passed" | "ended";
export type AttemptState = "planned" | "sent" | "delivered" | "taken" | "failed" | "unknown";
export type MessageState = "received" | "planned" | "sent" | "delivered" | "failed" | "unknown";

/** A moment, as ISO 8601 with its offset. */
export type Instant = string;

export interface Attempt {
  id: string;
  method: Method;
  state: AttemptState;
  at: Instant;
  detail: string;
  carrier_id: string | null;
}

export interface Page {
  id: string;
  step: number;
  person: string;
  name: string;
  state: PageState;
  at: Instant;
  attempts: Attempt[];
}

export interface Target {
  kind: string;
  name: string;
  words: string;
}

export interface Step {
  number: number;
  targets: Target[];
  wait_seconds: number;
  taken_at: Instant | null;
  due_at: Instant | null;
}

export interface Escalation {
  id: string;
  ladder: string;
  urgency: Risk;
  about: string;
  why: string;
  state: EscalationState;
  step: number;
  steps: Step[];
  started_at: Instant;
  ended_at: Instant | null;
  taken_by: string | null;
  taken_by_name: string | null;
  taken_means: string | null;
  taken_at: Instant | null;
  next_due_at: Instant | null;
  pages: Page[];
}

export interface Because {
  rule: string;
  words: string;
}

/** A case as every list and the board show it; holds no private word. */
export interface Case {
  id: string;
  number: string;
  state: CaseState;
  channel: Channel;
  language: string;
  risk: Risk;
  risk_because: Because[];
  risk_since: Instant | null;
  lowering_proposed: Risk | null;
  opened_at: Instant;
  waiting_since: Instant | null;
  claimed_at: Instant | null;
  closed_at: Instant | null;
  last_from_person_at: Instant | null;
  outcome: string | null;
  responder: string | null;
  responder_name: string | null;
  assist_asked_at: Instant | null;
  assist_asked_by: string | null;
  texting_stopped: boolean;
  call_over: boolean;
  in_room: string[];
  broken_rules: string[];
  drill: boolean;
  sequence: number;
  escalations: Escalation[];
  rescues: unknown[];
  follow_ups: unknown[];
}

export interface Contact {
  id: string;
  channel: Channel;
  began_at: Instant;
  ended_at: Instant | null;
  how_ended: string | null;
  address_masked: string;
}

/** `author` is `person` for who wrote to us, `line` for the line itself, or a member of staff's id. */
export interface Message {
  id: string;
  author: string;
  author_name: string;
  text: string;
  state: MessageState;
  detail: string;
  at: Instant;
}

export interface Answer {
  item: string;
  answer: string;
  words: string;
  by: string;
  at: Instant;
  changed: number;
}

export interface Assessment {
  instrument: string;
  title: string;
  version: string;
  answers: Answer[];
  total: number | null;
  band: string | null;
  risk: Risk;
  complete: boolean;
  flags: string[];
}

export interface Note {
  id: string;
  by: string;
  by_name: string;
  text: string;
  at: Instant;
}

export interface Earlier {
  id: string;
  number: string;
  channel: Channel;
  opened_at: Instant;
  risk: Risk;
  state: CaseState;
}

/** A case with what was said: only for those who may read it. */
export interface CaseDetail extends Case {
  contacts: Contact[];
  messages: Message[];
  assessments: Assessment[];
  notes: Note[];
  earlier: Earlier[];
}

export interface Done {
  sequence: number;
  facts: { sequence: number; type: string }[];
  case: Case;
}

export interface PageDone {
  sequence: number;
  case_number: string;
  page: Page;
  escalation: EscalationState;
  taken_by: string | null;
  taken_by_name: string | null;
  already: boolean;
}

// ------------------------------------------------------------------------------- the script

export interface Outlook {
  risk: Risk | null;
  pages: string[];
  asks: string | null;
}

export interface Option {
  answer: string;
  label: string;
  hint: string | null;
  quiet: boolean;
  outlook: Outlook;
}

export interface Question {
  instrument: string;
  item: string;
  concept: string;
  say: string;
  language: string;
  other_languages: Record<string, string>;
  why: string | null;
  wording: "published" | "own" | "missing";
  type: string;
  options: Option[];
  answer: string | null;
}

export interface OutlineItem {
  instrument: string;
  item: string;
  concept: string;
  answer: string | null;
  answer_label: string | null;
  state: string;
  risk: Risk | null;
}

export interface OutlineSection {
  id: string;
  title: string;
  say: string[];
  help: string | null;
  items: OutlineItem[];
}

export interface Script {
  script: string;
  title: string;
  version: string;
  sign_off: string;
  language: string;
  asked: number;
  of: number;
  next: Question | null;
  questions: Question[];
  outline: OutlineSection[];
  missing: OutlineItem[];
  flags: string[];
}

// -------------------------------------------------------------------------------- the board

export interface PersonRef {
  id: string;
  name: string;
}

export interface OnCall {
  rota: string;
  people: PersonRef[];
  until: Instant | null;
  next: PersonRef[];
  trouble: string | null;
}

export interface Staff extends PersonRef {
  roles: Role[];
  busy_with: string[];
}

export interface Service {
  name: string;
  drill: boolean;
  waiting: number;
  longest_wait_since: Instant | null;
  open: number;
  high: number;
  imminent: number;
  pages_open: number;
  oldest_page_since: Instant | null;
  at_work: Staff[];
  troubles: string[];
  rules_version: string;
  rules_problems: string[];
  sign_off: string;
}

/** The live picture at one sequence. */
export interface Board {
  sequence: number;
  at: Instant;
  cases: Case[];
  on_call: OnCall[];
  service: Service;
}

export type LiveMessage =
  | ({ kind: "snapshot" } & Board)
  | { kind: "change"; sequence: number; type: string; case: Case | null }
  | { kind: "service"; sequence: number; service: Service; on_call: OnCall[] }
  | { kind: "heartbeat"; sequence: number; at: Instant };

// ----------------------------------------------------------------------------------- people

export interface Person extends PersonRef {
  role: Role;
  roles: Role[];
  languages: string[];
}

export interface Login {
  token: string;
  expires_at: Instant;
  csrf: string;
  person: Person;
}

export interface Me {
  person: Person;
  csrf: string;
  service: string;
  drill: boolean;
  expires_at: Instant;
}
