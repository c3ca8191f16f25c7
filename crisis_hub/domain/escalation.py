"""A ladder of steps: which is next, when it is due, who is paged and rung again, and when it ends.

A ladder keeps the steps it began with. Only the word of a paged person takes it. Whatever else happens (a text
delivered, a call answered by nobody, a link opened) is recorded and changes nothing but what is shown, and how soon
the next way or person is tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crisis_hub.domain.commands import PersonToPage
from crisis_hub.domain.escalation_state import RISK, SUPERVISION, Attempt, Escalation, Ladder, Page, is_machine
from crisis_hub.domain.events import (
    AttemptRepeated,
    CaseFact,
    EscalationExhausted,
    EscalationStarted,
    NobodyToPage,
    PersonPaged,
    PlannedAttempt,
    Reach,
    Step,
    StepTaken,
    Target,
)
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptId, AttemptState, EscalationId, Method, PageId, PageState, PersonId
from crisis_hub.domain.ways import planned

__all__ = ["EVERYONE", "RISK", "SUPERVISION", "SUPERVISORS", "Attempt", "Escalation", "Ladder", "Page"]

_RANK = {
    AttemptState.PLANNED: 0,
    AttemptState.UNKNOWN: 1,
    AttemptState.SENT: 2,
    AttemptState.DELIVERED: 3,
    AttemptState.FAILED: 4,
    AttemptState.TAKEN: 5,
}
_RANG = ("busy", "no-answer", "completed")
"""The carrier's words for a call that reached a telephone and that nobody took; ringing again may wake somebody."""
_BUSY_SECONDS = 5
"""How long to wait before a telephone is rung again that was busy."""
_LEAST_CALLS = {Risk.IMMINENT: 2}

CONTACT_WITHIN_SECONDS = 600
"""How long whoever took a page may be silent, where a ladder does not say otherwise."""


def begin(  # noqa: PLR0917 - the words of one fact
    id: EscalationId, ladder: Ladder, urgency: Risk, why: str, about: str, now: datetime, step: int = 1
) -> list[CaseFact]:
    """Start a ladder and take its first step, or a later one, both at once."""
    wait = ladder.steps[step - 1].wait_seconds
    return [
        EscalationStarted(id, ladder.name, urgency, ladder.steps, why, about, ladder.contact_within_seconds),
        StepTaken(id, step, now + timedelta(seconds=wait)),
    ]


def climb(escalation: Escalation, now: datetime) -> list[CaseFact]:
    """Take the next step, or say that there is none left."""
    return climb_to(escalation, escalation.step + 1, now)


def climb_to(escalation: Escalation, step: int, now: datetime, by: PersonId | None = None) -> list[CaseFact]:
    """Take that step, leaving out those before it; one past the last says that there is none left."""
    if step > len(escalation.steps):
        return [EscalationExhausted(escalation.id)]
    wait = escalation.steps[step - 1].wait_seconds
    return [StepTaken(escalation.id, step, now + timedelta(seconds=wait), by)]


def page_these(
    escalation: Escalation, step: int, people: tuple[PersonToPage, ...], nobody_because: str, now: datetime
) -> list[CaseFact]:
    """Page everybody whom a step reaches; climb at once when nobody is there who should be.

    With `nobody_because`, the people are the last resort: they are paged, and the ladder does not wait for them.
    """
    pages = [_page(escalation, step, person) for person in people if person.reach]
    if pages and not nobody_because:
        return [*pages]
    why = nobody_because or "None of them has a telephone number on file."
    stands_here = escalation.running and escalation.step == step
    return [NobodyToPage(escalation.id, step, why), *pages, *(climb(escalation, now) if stands_here else ())]


def _page(escalation: Escalation, step: int, person: PersonToPage) -> PersonPaged:
    page = PageId(f"{escalation.id}-{step}-{person.person}")
    attempts = tuple(
        PlannedAttempt(
            AttemptId(f"{page}-{number}"),
            reach.method,
            number,
            seconds,
            _calls(reach, escalation.urgency),
            person.ways[number] if number < len(person.ways) else "",
        )
        for number, reach, seconds in planned(person.reach, escalation.urgency)
    )
    return PersonPaged(page, escalation.id, step, person.person, person.name, attempts)


def _calls(reach: Reach, urgency: Risk) -> int:
    """Return how many calls in a row a way may become: one ring does not wake everybody."""
    return max(reach.repeat, _LEAST_CALLS.get(urgency, 1)) if reach.method is Method.VOICE else 1


# ------------------------------------------------------------------------------------- when a way has failed


def ring_again(escalation: Escalation, page: Page, attempt: Attempt) -> list[CaseFact]:
    """Plan the next call in the row when this one reached a telephone and nobody took it."""
    rang = attempt.detail.split(" ")[0] in _RANG and attempt.carrier_id is not None
    wanted = escalation.wants_somebody and page.state is PageState.OPEN
    if not rang or not wanted or attempt.number >= attempt.tries:
        return []
    first = attempt.id.rpartition(".")[0] if attempt.number > 1 else attempt.id
    again = AttemptId(f"{first}.{attempt.number + 1}")
    pause = _BUSY_SECONDS if attempt.detail.startswith("busy") else 0
    return [] if escalation.attempt(again) else [AttemptRepeated(again, attempt.id, escalation.id, pause)]


def if_hopeless(escalation: Escalation, page: PageId, now: datetime) -> list[CaseFact]:
    """Climb at once when nobody on this step is likely to answer any more: waiting would be silence.

    `page` is the one of which there was bad news; news of an earlier step moves nothing. A text that lies unread
    beside a telephone that rang in vain is no reason to wait. At imminent risk neither is a second call.
    """
    step = [p for p in escalation.pages if p.step == escalation.step]
    if not any(p.id == page for p in step) or any(_may_answer(p, escalation.urgency) for p in step):
        return []
    return climb(escalation, now)


def _may_answer(page: Page, urgency: Risk) -> bool:
    if page.state is not PageState.OPEN:
        return False
    ways = [a for a in page.attempts if a.number == 1 or urgency is not Risk.IMMINENT]
    return any(map(_under_way, ways)) or (any(map(_lies_there, ways)) and not any(map(_rang_in_vain, ways)))


def _under_way(attempt: Attempt) -> bool:
    if attempt.state in (AttemptState.PLANNED, AttemptState.UNKNOWN):
        return True
    on_the_telephone = attempt.state in (AttemptState.SENT, AttemptState.DELIVERED) and not attempt.by_machine
    return attempt.method is Method.VOICE and on_the_telephone


def _lies_there(attempt: Attempt) -> bool:
    return attempt.method is not Method.VOICE and attempt.state in (AttemptState.SENT, AttemptState.DELIVERED)


def _rang_in_vain(attempt: Attempt) -> bool:
    return attempt.method is Method.VOICE and (attempt.state is AttemptState.FAILED or attempt.by_machine)


def goes_forward(now: AttemptState, then: AttemptState) -> bool:
    """Say whether `then` is news after `now`; a late or doubled word of the carrier never moves an attempt back."""
    return _RANK[then] > _RANK[now]


def is_news(attempt: Attempt, state: AttemptState, detail: str) -> bool:
    """Say whether the carrier tells more than is known: that it got further, or that a machine picked up."""
    a_machine = state is attempt.state is AttemptState.DELIVERED and is_machine(detail) and not attempt.by_machine
    return a_machine or goes_forward(attempt.state, state)


def left_unheard(attempts: Iterable[Attempt]) -> Attempt | None:
    """Return the way to try at once because nothing of what was tried can wake anybody: the soonest that waits."""
    attempts = [a for a in attempts if a.number == 1]
    waiting = [a for a in attempts if a.state is AttemptState.PLANNED]
    if not waiting or any(_may_still_wake(a) for a in attempts):
        return None
    return min(waiting, key=lambda a: a.after_seconds)


def _may_still_wake(attempt: Attempt) -> bool:
    """Say whether a way is on its way; a text that was delivered, and what gives no receipt, has done what it can."""
    receipts = attempt.method in (Method.SMS, Method.VOICE)
    return receipts and attempt.state in (AttemptState.SENT, AttemptState.UNKNOWN)


# --------------------------------------------------------------------------------------------- the floor


EVERYONE = Ladder(
    name="everyone",
    steps=(
        Step((Target("role", "clinician"), Target("role", "supervisor"), Target("role", "clinical_lead")), 120),
        Step((Target("role", "clinician"), Target("role", "supervisor"), Target("role", "clinical_lead")), 120),
    ),
    version="built in",
    contact_within_seconds=CONTACT_WITHIN_SECONDS,
)
"""The ladder that needs no file: every clinician and supervisor who can be reached, twice, then the alarm."""

SUPERVISORS = Ladder(
    name="supervisors",
    steps=(
        Step((Target("role", "supervisor"),), 120),
        Step((Target("role", "supervisor"), Target("role", "clinical_lead"), Target("role", "clinician")), 120),
    ),
    version="built in",
    contact_within_seconds=CONTACT_WITHIN_SECONDS,
)
"""The ladder taken when a rule breaks and no file says otherwise."""


def first_to(person: PersonId, ladder: Ladder, step: int = 1) -> Ladder:
    """Return a ladder that tries this person first, then the steps of that one; it says so by its name."""
    wait = ladder.steps[step - 1].wait_seconds
    steps = (Step((Target("person", person),), wait), *ladder.steps[step - 1 :])
    return Ladder(DIRECT, steps, ladder.then, ladder.version, ladder.contact_within_seconds)


DIRECT = "direct"
"""The name of a ladder that was begun by hand with one person: no rule's ladder counts as at work because of it."""
