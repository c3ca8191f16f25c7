"""How a case answers what concerns its ladders: begun, climbed, paged, taken, passed, stood down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from crisis_hub.domain import commands as c
from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotFound, TooLate, Wrong
from crisis_hub.domain.risk import is_worse
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import EscalationId, PageState

Facts = list[e.CaseFact]
_Held = tuple[ladders.Escalation, ladders.Page]
LadderCommand = c.Escalate | c.StandDown | c.Climb | c.PageThese | c.ProgressAttempt | c.TakePage | c.PassPage


def answer(case: Case, command: LadderCommand, rulebook: Rulebook, now: datetime) -> Facts:
    """Return what becomes true of the case."""
    match command:
        case c.Escalate():
            return _escalate(case, command, rulebook, now)
        case c.StandDown():
            return _stand_down(case, command)
        case c.Climb():
            return _climb(case, command, now)
        case c.PageThese():
            return _page_these(case, command, now)
        case c.ProgressAttempt():
            return _progress_attempt(case, command, now)
        case c.TakePage():
            return _take(case, command)
        case c.PassPage():
            return _pass(case, command, now)
        case _ as never:
            assert_never(never)


def next_escalation(case: Case, more: int = 0) -> EscalationId:
    """Return the id of the case's next ladder; `more` are begun in the same breath."""
    return EscalationId(f"{case.id}-e{len(case.escalations) + more + 1}")


def _escalate(case: Case, command: c.Escalate, rulebook: Rulebook, now: datetime) -> Facts:
    case.must_be_open()
    ladder = rulebook.ladders.get(command.ladder) or _built_in(command.ladder)
    if ladder is None:
        known = ", ".join([*rulebook.ladders, ladders.EVERYONE.name])
        raise Wrong("ladder", f"There is no ladder called “{command.ladder}”; there are {known}.")
    if any(x.running and x.ladder == ladder.name and x.about == ladders.RISK for x in case.escalations):
        return []
    why = f"Asked for by {command.by}."
    return [
        *ladders.begin(next_escalation(case), ladder, case.risk, why, ladders.RISK, now),
        e.NoteWritten(f"{next_escalation(case)}-why", command.by, command.reason),
    ]


def _built_in(name: str) -> ladders.Ladder | None:
    return next((ladder for ladder in (ladders.EVERYONE, ladders.SUPERVISORS) if ladder.name == name), None)


def _stand_down(case: Case, command: c.StandDown) -> Facts:
    wanting = [x for x in case.escalations if x.wants_somebody]
    if not wanting:
        raise TooLate("No page is open on this case.")
    return [e.EscalationStoodDown(x.id, command.by, command.reason) for x in wanting]


def _climb(case: Case, command: c.Climb, now: datetime) -> Facts:
    escalation = case.escalation(command.escalation)
    if escalation is None or not escalation.running or escalation.step != command.step:
        return []
    return ladders.climb(escalation, now)


def _page_these(case: Case, command: c.PageThese, now: datetime) -> Facts:
    """Page whom a step reaches, also when the ladder has climbed past it meanwhile: a late page is better than none."""
    escalation = case.escalation(command.escalation)
    if escalation is None or not escalation.wants_somebody or command.step > escalation.step:
        return []
    if any(page.step == command.step for page in escalation.pages) or command.step in escalation.empty_steps:
        return []
    return ladders.page_these(escalation, command.step, command.people, command.nobody_because, now)


def _progress_attempt(case: Case, command: c.ProgressAttempt, now: datetime) -> Facts:
    escalation = case.escalation_of_attempt(command.attempt)
    attempt = escalation.attempt(command.attempt) if escalation else None
    if escalation is None or attempt is None or not ladders.goes_forward(attempt.state, command.state):
        return []
    fact = e.AttemptProgressed(command.attempt, command.state, command.carrier_id, command.detail)
    after = ladders.progressed(escalation, fact, now)
    page = after.page_of(command.attempt)
    return [fact, *(ladders.if_hopeless(after, page.id, now) if page and escalation.running else [])]


def _take(case: Case, command: c.TakePage) -> Facts:
    escalation = case.escalation_of_page(command.page)
    page = escalation.page(command.page) if escalation else None
    if escalation is None or page is None or page.person != command.by:
        raise NotFound("There is no such page for this person.")
    if not escalation.wants_somebody:
        return []
    meant = [(escalation, page), *_as_well(case, escalation, page)]
    return [e.PageTaken(one.id, x.id, one.person, one.name, command.means) for x, one in meant]


def _pass(case: Case, command: c.PassPage, now: datetime) -> Facts:
    escalation = case.escalation_of_page(command.page)
    page = escalation.page(command.page) if escalation else None
    if escalation is None or page is None or page.person != command.by:
        raise NotFound("There is no such page for this person.")
    if not escalation.running or page.state is not PageState.OPEN:
        return []
    facts: Facts = []
    for x, one in [(escalation, page), *_as_well(case, escalation, page)]:
        if x.running:
            facts.append(e.PagePassed(one.id, x.id, one.person, command.means))
            facts += ladders.if_hopeless(ladders.passed(x, one.id), one.id, now)
    return facts


def _as_well(case: Case, escalation: ladders.Escalation, page: ladders.Page) -> Iterator[_Held]:
    """Name the person's pages on other ladders of the case: one word is for the case, up to the urgency it was told.

    Without this, whoever took the greater page would be rung again for the lesser one, and the alarm with it.
    """
    for x in case.escalations:
        held = [one for one in x.open_pages() if one.person == page.person]
        if held and x.id != escalation.id and x.wants_somebody and not is_worse(x.urgency, escalation.urgency):
            yield x, held[-1]
