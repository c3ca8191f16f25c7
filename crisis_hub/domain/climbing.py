"""How a case answers what concerns its ladders: begun, climbed, paged, taken, passed, stood down."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from crisis_hub.domain import climbed, taking
from crisis_hub.domain import commands as c
from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotFound, TooLate, Wrong
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptState, EscalationId, EscalationState, PageState

Facts = list[e.CaseFact]
LadderCommand = (
    c.Escalate
    | c.ClimbTo
    | c.StandDown
    | c.Climb
    | c.PageThese
    | c.ProgressAttempt
    | c.MergeAttempt
    | c.TakePage
    | c.PassPage
    | c.BeHere
    | c.MissTaker
)


def answer(  # noqa: C901, PLR0911 - one arm for each command
    case: Case, command: LadderCommand, rulebook: Rulebook, now: datetime
) -> Facts:
    """Return what becomes true of the case."""
    match command:
        case c.Escalate():
            return _escalate(case, command, rulebook, now)
        case c.StandDown():
            return _stand_down(case, command)
        case c.ClimbTo():
            return _climb_to(case, command, now)
        case c.Climb():
            return _climb(case, command, now)
        case c.PageThese():
            return _page_these(case, command, now)
        case c.ProgressAttempt():
            return _progress_attempt(case, command, now)
        case c.MergeAttempt():
            return _merge_attempt(case, command)
        case c.TakePage():
            return taking.take(case, command)
        case c.PassPage():
            return taking.pass_on(case, command, now)
        case c.BeHere():
            return []
        case c.MissTaker():
            return taking.miss(case, command, next_escalation(case), now)
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
    if not 1 <= command.step <= len(ladder.steps):
        raise Wrong("step", f"The ladder “{ladder.name}” has {len(ladder.steps)} steps.")
    note = e.NoteWritten(f"{next_escalation(case)}-why", command.by, command.reason)
    why = f"Asked for by {command.by}."
    if command.person:
        if _is_asked(case, command):
            return []
        direct = ladders.first_to(command.person, ladder, command.step)
        return [*ladders.begin(next_escalation(case), direct, case.risk, why, ladders.RISK, now), note]
    at_work = [x for x in case.escalations if x.running and x.ladder == ladder.name and x.about == ladders.RISK]
    if at_work:
        further = [x for x in at_work if x.step < command.step]
        return [fact for x in further for fact in ladders.climb_to(x, command.step, now, command.by)]
    return [*ladders.begin(next_escalation(case), ladder, case.risk, why, ladders.RISK, now, command.step), note]


def _is_asked(case: Case, command: c.Escalate) -> bool:
    """Say whether this person is being asked by hand already, so that a second press of the button wakes nobody."""
    to = (e.Target("person", str(command.person)),)
    return any(x.running and x.ladder == ladders.DIRECT and x.steps[0].targets == to for x in case.escalations)


def _climb_to(case: Case, command: c.ClimbTo, now: datetime) -> Facts:
    escalation = case.escalation(command.escalation)
    if escalation is None:
        raise NotFound("There is no such ladder in this case.")
    if not 1 <= command.step <= len(escalation.steps) + 1:
        raise Wrong("step", f"The ladder “{escalation.ladder}” has {len(escalation.steps)} steps.")
    if not escalation.wants_somebody:
        raise TooLate("This ladder is over: somebody has it, or it was stood down.")
    if escalation.step == command.step or not escalation.running:
        return []
    if command.step < escalation.step:
        raise TooLate(f"The ladder stands on step {escalation.step} already; begin it anew to go back.")
    return ladders.climb_to(escalation, command.step, now, command.by)


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
    if escalation is None or not escalation.wants_somebody or command.step > _farthest(escalation):
        return []
    if any(page.step == command.step for page in escalation.pages) or command.step in escalation.empty_steps:
        return []
    return ladders.page_these(escalation, command.step, command.people, command.nobody_because, now)


def _farthest(escalation: ladders.Escalation) -> int:
    """Return the last step that may be paged by now: once the ladder is over, one more for the last resort."""
    over = escalation.state is EscalationState.EXHAUSTED
    return len(escalation.steps) + 1 if over else escalation.step


def _progress_attempt(case: Case, command: c.ProgressAttempt, now: datetime) -> Facts:
    escalation = case.escalation_of_attempt(command.attempt)
    attempt = escalation.attempt(command.attempt) if escalation else None
    if escalation is None or attempt is None or not ladders.is_news(attempt, command.state, command.detail):
        return []
    facts: Facts = [e.AttemptProgressed(command.attempt, command.state, command.carrier_id, command.detail)]
    after = climbed.moved(escalation, facts[0], now)
    page, attempt = after.page_of(command.attempt), after.attempt(command.attempt)
    if page is None or attempt is None or not (command.state is AttemptState.FAILED or attempt.by_machine):
        return facts
    if command.state is AttemptState.FAILED:
        facts += ladders.ring_again(after, page, attempt)
    for fact in facts[1:]:
        after = climbed.moved(after, fact, now)
    return [*facts, *(ladders.if_hopeless(after, page.id, now) if escalation.running else [])]


def _merge_attempt(case: Case, command: c.MergeAttempt) -> Facts:
    escalation = case.escalation_of_attempt(command.attempt)
    page = escalation.page_of(command.attempt) if escalation else None
    attempt = escalation.attempt(command.attempt) if escalation else None
    if escalation is None or page is None or attempt is None or page.state is not PageState.OPEN:
        return []
    if not escalation.wants_somebody or not ladders.goes_forward(attempt.state, AttemptState.SENT):
        return []
    return [e.AttemptMerged(command.attempt, command.into, command.carrier_id, command.why)]
