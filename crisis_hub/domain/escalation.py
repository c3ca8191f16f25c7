"""A ladder of steps: which is next, when it is due, who was paged, and when it ends.

A ladder keeps the steps it began with. Only the word of a paged person takes it. Whatever else happens (a text
delivered, a call answered by nobody, a link opened) is recorded and changes nothing but what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crisis_hub.domain.commands import PersonToPage
from crisis_hub.domain.events import (
    AttemptProgressed,
    CaseFact,
    EscalationExhausted,
    EscalationStarted,
    NobodyToPage,
    PersonPaged,
    PlannedAttempt,
    Step,
    StepTaken,
    Target,
)
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

_RANK = {
    AttemptState.PLANNED: 0,
    AttemptState.UNKNOWN: 1,
    AttemptState.SENT: 2,
    AttemptState.DELIVERED: 3,
    AttemptState.FAILED: 4,
    AttemptState.TAKEN: 5,
}


@dataclass(frozen=True, slots=True)
class Ladder:
    """In which order people are tried; `then` says what happens when nobody took it."""

    name: str
    steps: tuple[Step, ...]
    then: str = "alarm"
    version: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try by one method."""

    id: AttemptId
    method: Method
    reach: int
    after_seconds: int
    state: AttemptState
    at: datetime
    carrier_id: CarrierId | None = None
    detail: str = ""


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
    step: int = 0
    due_at: datetime | None = None
    steps_taken: tuple[tuple[datetime, datetime], ...] = ()
    pages: tuple[Page, ...] = field(default=())
    empty_steps: frozenset[int] = frozenset()
    taken_by: PersonId | None = None
    taken_by_name: str | None = None
    taken_means: TakenBy | None = None
    ended_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Say whether somebody is still being looked for."""
        return self.state is EscalationState.RUNNING

    @property
    def wants_somebody(self) -> bool:
        """Say whether nobody has it yet: running, or exhausted with the alarm standing."""
        return self.state in (EscalationState.RUNNING, EscalationState.EXHAUSTED)

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


# ---------------------------------------------------------------------------------------- what is decided


def begin(id: EscalationId, ladder: Ladder, urgency: Risk, why: str, about: str, now: datetime) -> list[CaseFact]:
    """Start a ladder and take its first step, both at once."""
    return [
        EscalationStarted(id, ladder.name, urgency, ladder.steps, why, about),
        StepTaken(id, 1, now + timedelta(seconds=ladder.steps[0].wait_seconds)),
    ]


def climb(escalation: Escalation, now: datetime) -> list[CaseFact]:
    """Take the next step, or say that there is none left."""
    following = escalation.step + 1
    if following > len(escalation.steps):
        return [EscalationExhausted(escalation.id)]
    wait = escalation.steps[following - 1].wait_seconds
    return [StepTaken(escalation.id, following, now + timedelta(seconds=wait))]


def page_these(
    escalation: Escalation, step: int, people: tuple[PersonToPage, ...], nobody_because: str, now: datetime
) -> list[CaseFact]:
    """Page everybody whom a step reaches; climb at once when it reaches nobody who can be reached."""
    reachable = [person for person in people if person.reach]
    if not reachable:
        why = nobody_because or "None of them has a telephone number on file."
        stands_here = escalation.running and escalation.step == step
        return [NobodyToPage(escalation.id, step, why), *(climb(escalation, now) if stands_here else ())]
    return [_page(escalation.id, step, person) for person in reachable]


def if_hopeless(escalation: Escalation, page: PageId, now: datetime) -> list[CaseFact]:
    """Climb at once when everybody on this step passed it on or was reached by no means: waiting would be silence.

    `page` is the one of which there was news; news of an earlier step moves nothing.
    """
    step = [p for p in escalation.pages if p.step == escalation.step]
    if not any(p.id == page for p in step) or any(_may_answer(p) for p in step):
        return []
    return climb(escalation, now)


def _may_answer(page: Page) -> bool:
    return page.state is PageState.OPEN and any(a.state is not AttemptState.FAILED for a in page.attempts)


def goes_forward(now: AttemptState, then: AttemptState) -> bool:
    """Say whether `then` is news after `now`; a late or doubled word of the carrier never moves an attempt back."""
    return _RANK[then] > _RANK[now]


def _page(escalation: EscalationId, step: int, person: PersonToPage) -> PersonPaged:
    page = PageId(f"{escalation}-{step}-{person.person}")
    attempts = tuple(
        PlannedAttempt(AttemptId(f"{page}-{number}"), reach.method, number, reach.after_seconds)
        for number, reach in enumerate(person.reach)
    )
    return PersonPaged(page, escalation, step, person.person, person.name, attempts)


# ------------------------------------------------------------------------------------- what became of it


def started(fact: EscalationStarted, at: datetime) -> Escalation:
    """A ladder began."""
    return Escalation(
        fact.escalation, fact.ladder, fact.urgency, fact.steps, fact.why, fact.about, EscalationState.RUNNING, at
    )


def stepped(escalation: Escalation, fact: StepTaken, at: datetime) -> Escalation:
    """It stands on this step now."""
    return replace(
        escalation,
        step=fact.step,
        due_at=fact.due_at,
        steps_taken=(*escalation.steps_taken, (at, fact.due_at)),
    )


def paged(escalation: Escalation, fact: PersonPaged, at: datetime) -> Escalation:
    """A person is asked."""
    attempts = tuple(
        Attempt(a.attempt, a.method, a.reach, a.after_seconds, AttemptState.PLANNED, at) for a in fact.attempts
    )
    page = Page(fact.page, fact.step, fact.person, fact.name, PageState.OPEN, at, attempts)
    return replace(escalation, pages=(*escalation.pages, page))


def progressed(escalation: Escalation, fact: AttemptProgressed, at: datetime) -> Escalation:
    """An attempt got further, or failed."""

    def move(attempt: Attempt) -> Attempt:
        if attempt.id != fact.attempt:
            return attempt
        return replace(
            attempt, state=fact.state, carrier_id=fact.carrier_id or attempt.carrier_id, detail=fact.detail, at=at
        )

    pages = tuple(replace(page, attempts=tuple(move(a) for a in page.attempts)) for page in escalation.pages)
    return replace(escalation, pages=pages)


def ended(
    escalation: Escalation,
    state: EscalationState,
    at: datetime,
    taken: tuple[PageId, PersonId, str, TakenBy] | None = None,
) -> Escalation:
    """Nobody is looked for any more; `taken` names the page, the person, their name and the means."""
    keep_open = state is EscalationState.EXHAUSTED
    pages = tuple(_close(page, taken, keep_open) for page in escalation.pages)
    escalation = replace(escalation, state=state, pages=pages, due_at=None, ended_at=at)
    if taken is None:
        return escalation
    _, person, name, means = taken
    return replace(escalation, taken_by=person, taken_by_name=name, taken_means=means)


def passed(escalation: Escalation, page: PageId) -> Escalation:
    """One person passed it on."""
    pages = tuple(replace(p, state=PageState.PASSED) if p.id == page else p for p in escalation.pages)
    return replace(escalation, pages=pages)


def _close(page: Page, taken: tuple[PageId, PersonId, str, TakenBy] | None, keep_open: bool) -> Page:
    if taken is not None and page.id == taken[0]:
        method = Method.VOICE if taken[3] is TakenBy.DIGIT else Method.SMS
        attempts = tuple(replace(a, state=AttemptState.TAKEN) if a.method is method else a for a in page.attempts)
        return replace(page, state=PageState.TAKEN, attempts=attempts)
    if page.state is PageState.OPEN and not keep_open:
        return replace(page, state=PageState.ENDED)
    return page


# --------------------------------------------------------------------------------------------- the floor

EVERYONE = Ladder(
    name="everyone",
    steps=(
        Step((Target("role", "clinician"), Target("role", "supervisor"), Target("role", "clinical_lead")), 120),
        Step((Target("role", "clinician"), Target("role", "supervisor"), Target("role", "clinical_lead")), 120),
    ),
    version="built in",
)
"""The ladder that needs no file: every clinician and supervisor who can be reached, twice, then the alarm."""

SUPERVISORS = Ladder(
    name="supervisors",
    steps=(
        Step((Target("role", "supervisor"),), 120),
        Step((Target("role", "supervisor"), Target("role", "clinical_lead"), Target("role", "clinician")), 120),
    ),
    version="built in",
)
"""The ladder taken when a rule breaks and no file says otherwise."""
