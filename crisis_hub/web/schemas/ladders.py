"""A ladder as others see it: its steps, whom it asked by which means, who has it, and what is sent next."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PageState, Role
from crisis_hub.web.schemas.base import Out, PersonRef


class AttemptOut(Out):
    """One try to reach one person by one method; `try` is its place in a row of calls.

    `merged_into` names the attempt whose text also said what this one had to say.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    id: str
    method: Method
    state: AttemptState
    number: int = Field(alias="try")
    at: datetime
    planned_at: datetime
    after_seconds: int
    merged_into: str | None
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
    takers: int
    taken_at: datetime | None
    due_at: datetime | None
    nobody: bool = False


class LadderOut(Out):
    """A ladder that can be started by hand, and whom each of its steps asks, in words."""

    name: str
    steps: list[str]


class PageableOut(PersonRef):
    """Somebody who can be paged; `away` while they are on leave."""

    roles: list[Role]
    away: bool


class WhomOut(Out):
    """Whom somebody who works on a case can page by hand."""

    ladders: list[LadderOut]
    people: list[PageableOut]


class TakersOut(Out):
    """How many people must take it, and who has."""

    needed: int
    have: list[PersonRef]


class NextOut(Out):
    """What is done next and when, unless somebody takes it: a try to reach a person, or a step with its targets."""

    at: datetime
    step: int
    person: PersonRef | None
    method: Method | None
    whom: str


class EscalationOut(Out):
    """A ladder at work; `next` is what is done next, soonest first.

    `contact_due_at` is by when whoever took it must be seen on the case; `silent_taker` is who was not.
    """

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
    takers: TakersOut
    contact_due_at: datetime | None
    seen_at: datetime | None
    silent_taker: PersonRef | None
    next_due_at: datetime | None
    next: list[NextOut]
    pages: list[PageOut]
