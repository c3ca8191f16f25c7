"""The shapes that cross the wire. Names here are promises to other programs; add, never rename."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptState,
    CaseState,
    Channel,
    EscalationState,
    MessageState,
    Method,
    PageState,
    Role,
)


class Out(BaseModel):
    """Something that we send."""

    model_config = ConfigDict(from_attributes=True)


class In(BaseModel):
    """Something that we are sent: a field we do not know is refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


# ----------------------------------------------------------------------------------------- a case


class AttemptOut(Out):
    """One try to reach one person by one method."""

    id: str
    method: Method
    state: AttemptState
    at: datetime
    detail: str
    carrier_id: str | None


class PageOut(Out):
    """One person asked to take the case."""

    id: str
    step: int
    person: str
    name: str
    state: PageState
    at: datetime
    attempts: list[AttemptOut]


class TargetOut(Out):
    """Who is tried on a step, as data and in words."""

    kind: str
    name: str
    words: str


class StepOut(Out):
    """One rung of a ladder; `due_at` is when it is left, known once it was taken."""

    number: int
    targets: list[TargetOut]
    wait_seconds: int
    taken_at: datetime | None
    due_at: datetime | None


class EscalationOut(Out):
    """A ladder at work."""

    id: str
    ladder: str
    urgency: Risk
    about: str
    why: str
    state: EscalationState
    step: int
    steps: list[StepOut]
    started_at: datetime
    ended_at: datetime | None
    taken_by: str | None
    taken_by_name: str | None
    taken_means: str | None
    taken_at: datetime | None
    next_due_at: datetime | None
    pages: list[PageOut]


class BecauseOut(Out):
    """One reason behind the risk."""

    rule: str
    words: str


class Case(Out):
    """A case as every list and the board show it; holds no private word."""

    id: str
    number: str
    state: CaseState
    channel: Channel
    language: str
    risk: Risk
    risk_because: list[BecauseOut]
    risk_since: datetime | None
    lowering_proposed: Risk | None
    opened_at: datetime
    waiting_since: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    last_from_person_at: datetime | None
    outcome: str | None
    responder: str | None
    responder_name: str | None
    assist_asked_at: datetime | None
    assist_asked_by: str | None
    texting_stopped: bool
    call_over: bool
    in_room: list[str]
    broken_rules: list[str]
    drill: bool
    sequence: int
    escalations: list[EscalationOut]
    rescues: list[Any]
    follow_ups: list[Any]


class ContactOut(Out):
    """One call or text thread; the number is masked but for its last two digits."""

    id: str
    channel: Channel
    began_at: datetime
    ended_at: datetime | None
    how_ended: str | None
    address_masked: str


class MessageOut(Out):
    """One message of the conversation; `author` is `person` for who wrote to us, `line`, or a member of staff's id."""

    id: str
    author: str
    author_name: str
    text: str
    state: MessageState
    detail: str
    at: datetime


class AnswerOut(Out):
    """The latest answer to one item."""

    item: str
    answer: str
    words: str
    by: str
    at: datetime
    changed: int


class AssessmentOut(Out):
    """An instrument as far as it was answered, with what its answers mean."""

    instrument: str
    title: str
    version: str
    answers: list[AnswerOut]
    total: float | None
    band: str | None
    risk: Risk
    complete: bool
    flags: list[str]


class NoteOut(Out):
    """A note for colleagues."""

    id: str
    by: str
    by_name: str
    text: str
    at: datetime


class EarlierOut(Out):
    """An earlier case of the same number."""

    id: str
    number: str
    channel: Channel
    opened_at: datetime
    risk: Risk
    state: CaseState


class CaseDetail(Case):
    """A case with what was said: only for those who may read it."""

    contacts: list[ContactOut]
    messages: list[MessageOut]
    assessments: list[AssessmentOut]
    notes: list[NoteOut]
    earlier: list[EarlierOut]


class CaseList(Out):
    """A page of cases; `next` is the cursor of the following one."""

    cases: list[Case]
    next: str | None


class FactOut(Out):
    """One fact of a case's history."""

    sequence: int
    type: str
    at: datetime
    actor: str
    cause: str
    data: dict[str, Any]


class FactList(Out):
    """A case's history, oldest first."""

    facts: list[FactOut]


class FactRef(Out):
    """Which fact became true, and where it stands."""

    sequence: int
    type: str


class Done(Out):
    """What a change made true."""

    sequence: int
    facts: list[FactRef]
    case: Case


# --------------------------------------------------------------------------------------- the script


class OutlookOut(Out):
    """What an answer would do, said before it is given: the risk it leads to if that is higher, and whom it pages."""

    risk: Risk | None
    pages: list[str]
    asks: str | None


class OptionOut(Out):
    """One answer that can be given; `quiet` ones (does not want to say, no answer yet) never count as no."""

    answer: str
    label: str
    hint: str | None
    quiet: bool
    outlook: OutlookOut


class QuestionOut(Out):
    """One item, with words to say in the case's language."""

    instrument: str
    item: str
    concept: str
    say: str
    language: str
    other_languages: dict[str, str]
    why: str | None
    wording: Literal["published", "own", "missing"]
    type: str
    options: list[OptionOut]
    answer: str | None


class OutlineItem(Out):
    """One line of the outline: what it is about, and its answer so far. `state`: answered, open, skipped, now."""

    instrument: str
    item: str
    concept: str
    answer: str | None
    answer_label: str | None
    state: str
    risk: Risk | None


class OutlineSection(Out):
    """One part of the script."""

    id: str
    title: str
    say: list[str]
    help: str | None
    items: list[OutlineItem]


class ScriptOut(Out):
    """What to say and ask next, what was asked, and what is still missing."""

    script: str
    title: str
    version: str
    sign_off: str
    language: str
    asked: int
    of: int
    next: QuestionOut | None
    questions: list[QuestionOut]
    outline: list[OutlineSection]
    missing: list[OutlineItem]
    flags: list[str]


# -------------------------------------------------------------------------------------- the board


class OnCallOut(Out):
    """Who is on call on one rota, until when, and who is next."""

    rota: str
    people: list[PersonRef]
    until: datetime | None
    next: list[PersonRef]
    trouble: str | None


class PersonRef(Out):
    """A member of staff, by id and name."""

    id: str
    name: str


class StaffOut(Out):
    """A member of staff at work: signed in and connected."""

    id: str
    name: str
    roles: list[Role]
    busy_with: list[str]


class ServiceOut(Out):
    """How we are doing: what supervisors look at first."""

    name: str
    drill: bool
    waiting: int
    longest_wait_since: datetime | None
    open: int
    high: int
    imminent: int
    pages_open: int
    oldest_page_since: datetime | None
    at_work: list[StaffOut]
    troubles: list[str]
    rules_version: str
    rules_problems: list[str]
    sign_off: str


class BoardOut(Out):
    """The live picture at one sequence."""

    sequence: int
    at: datetime
    cases: list[Case]
    on_call: list[OnCallOut]
    service: ServiceOut


# ----------------------------------------------------------------------------------------- people


class LoginIn(In):
    """A sign-in."""

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]
    code: str | None = None


class PersonOut(Out):
    """Who is signed in; `role` is the first of `roles`."""

    id: str
    name: str
    role: Role
    roles: list[Role]
    languages: list[str]


class LoginOut(Out):
    """A session: the token for programs, the CSRF word for browsers."""

    token: str
    expires_at: datetime
    csrf: str
    person: PersonOut


class MeOut(Out):
    """Who I am, and what this place is called."""

    person: PersonOut
    csrf: str
    service: str
    drill: bool
    expires_at: datetime


# --------------------------------------------------------------------------------------- requests

Words = Annotated[str, Field(min_length=1, max_length=1600)]
Reason = Annotated[str, Field(min_length=3, max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]


class AnswerIn(In):
    """An answer to one item; numbers may come as numbers."""

    instrument: Name
    item: Name
    answer: str | int | float | bool
    words: Annotated[str, Field(max_length=2000)] = ""


class MessageIn(In):
    """Words for the person."""

    text: Words


class NoteIn(In):
    """A note for colleagues."""

    text: Annotated[str, Field(min_length=1, max_length=10000)]


class RiskIn(In):
    """A person's own judgement of the risk; lowering asks for a reason."""

    risk: Risk
    reason: Annotated[str, Field(max_length=1000)] = ""


class EscalateIn(In):
    """Start a ladder by hand."""

    ladder: Name
    reason: Reason


class ReasonIn(In):
    """A reason, in a sentence."""

    reason: Reason


class ReleaseIn(In):
    """Why a case goes back to the queue."""

    reason: Annotated[str, Field(max_length=1000)] = ""


class CloseIn(In):
    """How a case ended."""

    outcome: Annotated[str, Field(min_length=2, max_length=100)]
    reason: Annotated[str, Field(max_length=1000)] = ""


class PageDone(Out):
    """A page after somebody took or passed it; `already` is true when the case was taken before."""

    sequence: int
    case_number: str
    page: PageOut
    escalation: EscalationState
    taken_by: str | None
    taken_by_name: str | None
    already: bool
