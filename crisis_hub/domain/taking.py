"""Who has it: pages taken and passed on, and whether whoever took one is seen on the case in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisis_hub.domain import climbed
from crisis_hub.domain import commands as c
from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.escalation_state import Escalation, Ladder, Page
from crisis_hub.domain.records import replace
from crisis_hub.domain.risk import is_worse, worst
from crisis_hub.domain.vocabulary import CaseState, EscalationId, EscalationState, PageState, PersonId

Facts = list[e.CaseFact]
_Held = tuple[Escalation, Page]


def take(case: Case, command: c.TakePage) -> Facts:
    """Take a page for the person it was sent to; taken already, nothing changes."""
    escalation, page = _own_page(case, command)
    if not escalation.wants_somebody or escalation.has_taken(page.person):
        return []
    facts: Facts = [e.PageTaken(page.id, escalation.id, page.person, page.name, command.means, command.attempt)]
    for x, one in _as_well(case, escalation, page):
        if not x.has_taken(one.person):
            facts.append(e.PageTaken(one.id, x.id, one.person, one.name, command.means))
    return facts


def pass_on(case: Case, command: c.PassPage, now: datetime) -> Facts:
    """Pass a page to the next person, now; with nobody left, only that this one cannot is recorded."""
    escalation, page = _own_page(case, command)
    if not escalation.wants_somebody or page.state is not PageState.OPEN:
        return []
    facts: Facts = []
    for x, one in [(escalation, page), *_as_well(case, escalation, page)]:
        facts.append(e.PagePassed(one.id, x.id, one.person, command.means))
        if x.running:
            facts += ladders.if_hopeless(climbed.passed(x, one.id), one.id, now)
    return facts


def _own_page(case: Case, command: c.TakePage | c.PassPage) -> _Held:
    escalation = case.escalation_of_page(command.page)
    page = escalation.page(command.page) if escalation else None
    if escalation is None or page is None or page.person != command.by:
        raise NotFound("There is no such page for this person.")
    return escalation, page


def _as_well(case: Case, escalation: Escalation, page: Page) -> Iterator[_Held]:
    """Name the person's pages on other ladders of the case: one word is for the case, up to the urgency it was told.

    Without this, whoever took the greater page would be rung again for the lesser one, and the alarm with it.
    """
    for x in case.escalations:
        held = [one for one in x.open_pages() if one.person == page.person]
        if held and x.id != escalation.id and x.wants_somebody and not is_worse(x.urgency, escalation.urgency):
            yield x, held[-1]


# --------------------------------------------------------------------------------- in contact with the case


def seen(case: Case, command: c.Command, facts: Facts) -> Facts:
    """Note that somebody who took a ladder did something on the case, or looked at it; taking is not doing."""
    by = _who_acts(command)
    if by is None or not (facts or isinstance(command, c.BeHere)):
        return []
    return [e.TakerSeen(x.id, by) for x in case.escalations if x.waits_for_contact and x.has_taken(by)]


def _who_acts(command: c.Command) -> PersonId | None:
    if isinstance(command, c.TakePage | c.PassPage):
        return None
    if isinstance(command, c.NoteRoom):
        return command.person if command.here else None
    by: PersonId | None = getattr(command, "by", None)
    return by


def miss(case: Case, command: c.MissTaker, id: EscalationId, now: datetime) -> Facts:
    """Look for somebody anew, as `id`, when whoever took it was not seen in time: silence is not care."""
    escalation = case.escalation(command.escalation)
    if escalation is None or case.state is CaseState.CLOSED or not escalation.waits_for_contact:
        return []
    if escalation.contact_due_at is None or now < escalation.contact_due_at:
        return []
    with_them = case.conversation.in_room | {case.responder}
    here = next((taker.person for taker in escalation.takers if taker.person in with_them), None)
    if here is not None:
        return [e.TakerSeen(escalation.id, here)]
    first = escalation.takers[0]
    if _in_other_hands(case, escalation):
        return [e.TakerSilent(escalation.id, first.person, first.name, None)]
    minutes = max(1, round(escalation.contact_within_seconds / 60))
    why = f"{escalation.taken_by_name} took it and was not in contact with the case for {minutes} minutes."
    urgency = worst([escalation.urgency, case.risk])
    return [
        e.TakerSilent(escalation.id, first.person, first.name, id),
        *ladders.begin(id, _with_the_silent(escalation), urgency, why, escalation.about, now),
    ]


def _in_other_hands(case: Case, escalation: Escalation) -> bool:
    """Say whether somebody else is looked for, or at work, for the same thing at least as urgently.

    Of two ladders that were taken with one word, the more urgent begins anew, and not both.
    """
    others = [x for x in case.escalations if x.id != escalation.id and x.about == escalation.about]
    return any(
        x.running or (x.state is EscalationState.TAKEN and x.seen_at is not None) or _begins_anew(x, escalation)
        for x in others
        if not is_worse(escalation.urgency, x.urgency)
    )


def _begins_anew(other: Escalation, than: Escalation) -> bool:
    if not other.waits_for_contact or other.contact_due_at is None or than.contact_due_at is None:
        return False
    return is_worse(other.urgency, than.urgency) and other.contact_due_at <= than.contact_due_at


def _with_the_silent(escalation: Escalation) -> Ladder:
    """Return the ladder as it was, with whoever took it asked again beside the first step."""
    first, *rest = escalation.steps
    known = {(target.kind, target.name) for target in first.targets}
    silent = (e.Target("person", taker.person) for taker in escalation.takers)
    more = tuple(target for target in silent if (target.kind, target.name) not in known)
    steps = (replace(first, targets=(*first.targets, *more)), *rest)
    return Ladder(escalation.ladder, steps, contact_within_seconds=escalation.contact_within_seconds)
