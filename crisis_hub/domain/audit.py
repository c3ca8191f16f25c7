"""What should have happened by now and has not: the watch of the watch.

It looks at the same cases as everybody and trusts nobody: not the scheduler, not the errands, not the carrier. Whatever
it finds is said to people; it mends nothing itself, so that it can be wrong in one way only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation_state import Attempt, Escalation, Page
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PageState

LATE = timedelta(seconds=15)
"""How long something that is due may take before somebody is told."""

SILENT = {Method.SMS: timedelta(seconds=60), Method.VOICE: timedelta(seconds=90)}
"""How long the carrier may say nothing more of what it took; a call may ring for a minute by itself.

Of a push message or an e-mail nobody ever says more than that it was handed over.
"""


_WORD = {Method.SMS: "text", Method.VOICE: "call", Method.PUSH: "push message", Method.EMAIL: "e-mail"}


def findings(cases: Iterable[Case], now: datetime) -> Iterator[str]:
    """Say of every ladder at work what is late or silent, in one sentence each."""
    for case in cases:
        for escalation in case.escalations:
            about = _of_ladder if escalation.wants_somebody else _of_end
            yield from (f"Case {case.number}: {said}" for said in about(escalation, now))


def _of_ladder(escalation: Escalation, now: datetime) -> Iterator[str]:
    if escalation.running:
        yield from _of_step(escalation, now)
    for step in sorted(escalation.empty_steps):
        if step <= len(escalation.steps):
            yield f"nobody was on call for step {step} of the ladder “{escalation.ladder}”, so it went on at once."
    for page in escalation.open_pages():
        yield from _of_page(page, now)


def _of_end(escalation: Escalation, now: datetime) -> Iterator[str]:
    """A ladder ends with somebody who took it, with an alarm, or by somebody's word; nothing else is an end."""
    name = f"the ladder “{escalation.ladder}”"
    if escalation.state is EscalationState.TAKEN and escalation.taken_by is None:
        yield f"{name} ended and nobody has it. Page somebody by hand."
    due = escalation.contact_due_at
    if escalation.waits_for_contact and due is not None and now - due > LATE:
        who = escalation.taken_by_name or "whoever took it"
        yield f"{who} took {name} and was not seen since; nobody else was paged. Page somebody by hand."


def _of_step(escalation: Escalation, now: datetime) -> Iterator[str]:
    name = f"the ladder “{escalation.ladder}”"
    if escalation.due_at is None:
        yield f"{name} runs and nothing is due on it. Page somebody by hand."
        return
    if now - escalation.due_at > LATE:
        yield f"{name} should have taken its next step at {escalation.due_at:%H:%M:%S} UTC. Page somebody by hand."
    taken_at = escalation.steps_taken[-1][0]
    paged = any(page.step == escalation.step for page in escalation.pages)
    if not paged and escalation.step not in escalation.empty_steps and now - taken_at > LATE:
        yield f"nobody was paged yet on step {escalation.step} of {name}. Page somebody by hand."


def _of_page(page: Page, now: datetime) -> Iterator[str]:
    for attempt in page.attempts:
        word = _WORD[attempt.method]
        if _not_sent(page, attempt, now):
            yield f"the {word} to {page.name} has not left yet."
        elif attempt.state is AttemptState.SENT and now - attempt.at > SILENT.get(attempt.method, timedelta.max):
            yield f"the carrier took the {word} to {page.name} and has not said what became of it."


def _not_sent(page: Page, attempt: Attempt, now: datetime) -> bool:
    due = page.at + timedelta(seconds=attempt.after_seconds)
    waiting = attempt.state in (AttemptState.PLANNED, AttemptState.UNKNOWN)
    return page.state is PageState.OPEN and waiting and now - due > LATE
