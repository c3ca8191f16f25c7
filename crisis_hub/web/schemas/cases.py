"""A case as others see it, and what a change made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from crisis_hub.domain.queue import Reason
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.triage import Says
from crisis_hub.domain.vocabulary import (
    CaseState,
    Channel,
    EscalationState,
    MessageState,
    PageState,
)
from crisis_hub.web.schemas.base import Out
from crisis_hub.web.schemas.ladders import EscalationOut, PageOut
from crisis_hub.web.schemas.papers import DutyOut, OutsideResultOut


class BecauseOut(Out):
    """One reason behind the risk."""

    rule: str
    words: str


class ReasonOut(Out):
    """One reason for a place among those who wait, as a word for programs and in words for people."""

    reason: Reason
    words: str


class RankOut(Out):
    """Where a case stands among those who wait.

    `class` is the risk like which they wait: their own, or a greater one if their words speak of danger. From
    `overdue_at` on only imminent ones, or who is overdue for longer, go before them.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    like: Risk = Field(alias="class")
    because: list[ReasonOut]
    longest_wait_seconds: int
    overdue_at: datetime


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
    rank: RankOut | None
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
    duties: list[DutyOut]
    rulebook: str
    sign_off: str
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


class NoticedOut(Out):
    """Words of a message that speak of danger, says an entry of the lexicon; they moved the case forward, no more."""

    message: str
    entry: str
    says: Says
    because: str


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
    noticed: list[NoticedOut]
    assessments: list[AssessmentOut]
    notes: list[NoteOut]
    outside_results: list[OutsideResultOut]
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


class PageDone(Out):
    """A page after somebody took or passed it; `already` is true when there was nothing left to take or pass.

    `case` is none for who may not see cases, though they were paged.
    """

    sequence: int
    facts: list[FactRef]
    case: Case | None
    case_number: str
    page: PageOut
    state: PageState
    escalation: EscalationState
    taken_by: str | None
    taken_by_name: str | None
    already: bool
