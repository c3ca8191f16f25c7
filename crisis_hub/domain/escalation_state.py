"""The state of a ladder: who was tried on which step, by which means, how far each try got, and who has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crisis_hub.domain.events import Step
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import (
    AttemptId,
    AttemptState,
    CarrierId,
    EscalationId,
    EscalationState,
    Method,
    PageId,
    PageState,
    PersonId,
    TakenBy,
)

RISK, SUPERVISION = "risk", "supervision"
"""What a ladder is about: the person's risk, or something that a supervisor must mend (a broken rule)."""

_MACHINES = ("machine", "fax")
"""What the carrier's word for a machine that picked up begins with."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """In which order people are tried; `then` says what happens when nobody took it.

    Whoever takes it must be in contact with the case within `contact_within_seconds`, or it begins anew; 0: for ever.
    """

    name: str
    steps: tuple[Step, ...]
    then: str = "alarm"
    version: str = ""
    contact_within_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try by one method; the `number`-th in a row of at most `tries`, due at `planned_at`."""

    id: AttemptId
    method: Method
    reach: int
    after_seconds: int
    state: AttemptState
    at: datetime
    planned_at: datetime
    carrier_id: CarrierId | None = None
    detail: str = ""
    number: int = 1
    tries: int = 1
    merged_into: AttemptId | None = None
    way: str = ""

    @property
    def by_machine(self) -> bool:
        """Say whether a machine picked up: it takes nothing, and nobody need wait for it."""
        return is_machine(self.detail)


def is_machine(detail: str) -> bool:
    """Say whether the carrier's words tell of a voicemail or another machine."""
    return any(word.startswith(_MACHINES) for word in detail.split())


@dataclass(frozen=True, slots=True)
class Page:
    """One person asked to take the case."""

    id: PageId
    step: int
    person: PersonId
    name: str
    state: PageState
    at: datetime
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who said "I have it"."""

    person: PersonId
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Escalation:
    """A ladder at work, with every step it took and every person it paged."""

    id: EscalationId
    ladder: str
    urgency: Risk
    steps: tuple[Step, ...]
    why: str
    about: str
    state: EscalationState
    started_at: datetime
    contact_within_seconds: int = 0
    step: int = 0
    due_at: datetime | None = None
    steps_taken: tuple[tuple[datetime, datetime], ...] = ()
    stood_on: tuple[int, ...] = ()
    pages: tuple[Page, ...] = field(default=())
    empty_steps: frozenset[int] = frozenset()
    takers: tuple[Taker, ...] = ()
    taken_by: PersonId | None = None
    taken_by_name: str | None = None
    taken_means: TakenBy | None = None
    ended_at: datetime | None = None
    contact_due_at: datetime | None = None
    seen_at: datetime | None = None
    silent: bool = False

    @property
    def running(self) -> bool:
        """Say whether somebody is still being looked for."""
        return self.state is EscalationState.RUNNING

    @property
    def wants_somebody(self) -> bool:
        """Say whether nobody has it yet: running, or exhausted with the alarm standing."""
        return self.state in (EscalationState.RUNNING, EscalationState.EXHAUSTED)

    @property
    def takers_needed(self) -> int:
        """Return how many people must take it: the most that any step asks for on which it has stood."""
        return max((self.steps[step - 1].takers for step in self.stood_on), default=1)

    @property
    def waits_for_contact(self) -> bool:
        """Say whether whoever took it was not yet seen on the case, and is still waited for."""
        taken = self.state is EscalationState.TAKEN
        return taken and self.contact_due_at is not None and self.seen_at is None and not self.silent

    def has_taken(self, person: PersonId) -> bool:
        """Say whether this person took it."""
        return any(taker.person == person for taker in self.takers)

    def page(self, id: PageId) -> Page | None:
        """Return the page of that id."""
        return next((page for page in self.pages if page.id == id), None)

    def page_of(self, attempt: AttemptId) -> Page | None:
        """Return the page to which an attempt belongs."""
        return next((page for page in self.pages for a in page.attempts if a.id == attempt), None)

    def attempt(self, id: AttemptId) -> Attempt | None:
        """Return the attempt of that id."""
        return next((a for page in self.pages for a in page.attempts if a.id == id), None)

    def open_pages(self) -> Iterator[Page]:
        """Return the pages that somebody could still take."""
        return (page for page in self.pages if page.state is PageState.OPEN)
