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
    """One rung: who is paged, and how many seconds pass before the next."""

    targets: tuple[Target, ...]
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class EscalationStarted:
    """Somebody must know: a ladder began, and keeps the steps it began with."""

    escalation: EscalationId
    ladder: str
    urgency: Risk
    steps: tuple[Step, ...]
    why: str
    about: str = "risk"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The ladder stands on this step (the first is 1) until `due_at`."""

    escalation: EscalationId
    step: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedAttempt:
    """One try by one method: the person's `reach`-th way, so many seconds after they are paged."""

    attempt: AttemptId
    method: Method
    reach: int
    after_seconds: int


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
class PageTaken:
    """The paged person said "I have it", by digit, button or reply."""

    page: PageId
    escalation: EscalationId
    person: PersonId
    name: str
    means: TakenBy


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
