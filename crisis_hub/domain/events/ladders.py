"""Somebody must know: ladders, steps, pages and attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisis_hub.domain.events.sealing import private
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    EscalationId,
    Method,
    PageId,
    PersonId,
    TakenBy,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Who is tried on a step: `kind` is rota, role, person or everyone; `name` says which."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: who is paged, how many seconds pass before the next, and how many people must take it."""

    targets: tuple[Target, ...]
    wait_seconds: int
    takers: int = 1


@dataclass(frozen=True, slots=True)
class EscalationStarted:
    """Somebody must know: a ladder began, and keeps the steps it began with."""

    escalation: EscalationId
    ladder: str
    urgency: Risk
    steps: tuple[Step, ...]
    why: str
    about: str = "risk"
    contact_within_seconds: int = 0
    """How long whoever takes it may be silent before somebody is paged again; 0: for ever."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The ladder stands on this step (the first is 1) until `due_at`; `by` is who moved it on by hand."""

    escalation: EscalationId
    step: int
    due_at: datetime
    by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class PlannedAttempt:
    """One try by one method: the person's `reach`-th way, so many seconds after they are paged.

    `tries` is how many calls in a row it may become while nobody answers. `way` names the way without telling its
    address: its place among the others changes when one of them is closed, removed or put back.
    """

    attempt: AttemptId
    method: Method
    reach: int
    after_seconds: int
    tries: int = 1
    way: str = ""


@dataclass(frozen=True, slots=True)
class PersonPaged:
    """One person is asked to take the case."""

    page: PageId
    escalation: EscalationId
    step: int
    person: PersonId
    name: str
    attempts: tuple[PlannedAttempt, ...]


@dataclass(frozen=True, slots=True)
class NobodyToPage:
    """A step found nobody whom it could page; the ladder climbs at once."""

    escalation: EscalationId
    step: int
    why: str


@dataclass(frozen=True, slots=True)
class AttemptProgressed:
    """An attempt got further, or failed; `detail` is the carrier's word or code."""

    attempt: AttemptId
    state: AttemptState
    carrier_id: CarrierId | None
    detail: str


@dataclass(frozen=True, slots=True)
class AttemptRepeated:
    """A call that nobody took is made again, as `attempt`, so many seconds later: a sleeper hears the second."""

    attempt: AttemptId
    after: AttemptId
    escalation: EscalationId
    after_seconds: int


@dataclass(frozen=True, slots=True)
class AttemptMerged:
    """A text was not sent by itself: what it says went out in the text of `into`; `why` says the reason."""

    attempt: AttemptId
    into: AttemptId
    carrier_id: CarrierId
    why: str


@dataclass(frozen=True, slots=True)
class PageTaken:
    """The paged person said "I have it", by digit, button or reply; `attempt` is the try that they answered."""

    page: PageId
    escalation: EscalationId
    person: PersonId
    name: str
    means: TakenBy
    attempt: AttemptId | None = None


@dataclass(frozen=True, slots=True)
class PagePassed:
    """The paged person passed it on; the ladder climbs at once."""

    page: PageId
    escalation: EscalationId
    person: PersonId
    means: TakenBy


@dataclass(frozen=True, slots=True)
class EscalationExhausted:
    """Every step was taken and nobody took the page: the alarm stands at every desk until somebody does."""

    escalation: EscalationId


@dataclass(frozen=True, slots=True)
class EscalationStoodDown:
    """A person ended the ladder, with a reason."""

    escalation: EscalationId
    by: PersonId
    reason: str = private()


@dataclass(frozen=True, slots=True)
class TakerSeen:
    """Somebody who took the case did something on it: they are in contact with it."""

    escalation: EscalationId
    person: PersonId


@dataclass(frozen=True, slots=True)
class TakerSilent:
    """Whoever took the case was not in contact with it in time; `again` is the ladder that began because of it."""

    escalation: EscalationId
    person: PersonId
    name: str
    again: EscalationId | None
