"""What follows from the facts of ladders: who is paged, rung again, hung up on, told, and when it is too late."""

from __future__ import annotations

from collections.abc import Iterable

from crisis_hub.application.plans import (
    CONTACT_OVER,
    PAGE_STEP,
    SEND_PAGE,
    STEP_OVER,
    STOP_RINGING,
    TELL_TAKEN,
    Moment,
    Plan,
    page_mark,
    token_mark,
)
from crisis_hub.application.ports import Deadline, Effect
from crisis_hub.domain import events as e
from crisis_hub.domain.escalation import left_unheard
from crisis_hub.domain.escalation_state import Escalation, Page, is_machine
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PageState

_PAGE_PRIORITY = {Risk.IMMINENT: 0, Risk.HIGH: 1}


def page_the_step(fact: e.StepTaken, moment: Moment) -> Plan:
    """Find out who is asked on this step, now, and look again when its time is over."""
    subject = f"{fact.escalation}/{fact.step}"
    due = Deadline(f"{moment.stream}:{STEP_OVER}:{subject}", moment.stream, STEP_OVER, subject, fact.due_at)
    return Plan(effects=(moment.effect(PAGE_STEP, subject, _priority(moment, fact.escalation)),), deadlines=(due,))


def call_the_last_resort(fact: e.EscalationExhausted, moment: Moment) -> Plan:
    """Find out who is left to be asked when a whole ladder found nobody: the step after the last is theirs."""
    escalation = moment.case.escalation(fact.escalation)
    if escalation is None:
        return Plan()
    subject = f"{fact.escalation}/{len(escalation.steps) + 1}"
    return Plan(effects=(moment.effect(PAGE_STEP, subject, _priority(moment, fact.escalation)),))


def send_the_page(fact: e.PersonPaged, moment: Moment) -> Plan:
    """Try every way to reach this person, each at its time, and remember what their answer would mean."""
    priority = _priority(moment, fact.escalation)
    effects = tuple(moment.effect(SEND_PAGE, a.attempt, priority, a.after_seconds) for a in fact.attempts)
    token = moment.secrets.token_hash(moment.secrets.page_token(fact.page))
    value = f"{moment.stream}/{fact.page}"
    return Plan(effects=effects, marks=((page_mark(fact.person, fact.page), value), (token_mark(token), value)))


def call_off_the_others(fact: e.PageTaken, moment: Moment) -> Plan:
    """Tell whoever else was asked and stop their telephones; while another taker is wanted, only the taker's own."""
    escalation = moment.case.escalation(fact.escalation)
    if escalation is None:
        return Plan()
    if escalation.state is not EscalationState.TAKEN:
        own = tuple(page for page in escalation.pages if page.person == fact.person)
        return Plan(effects=_stop_ringing(own, moment), unmarks=_page_marks(own))
    tell = tuple(moment.effect(TELL_TAKEN, page, 4) for page in _to_be_told(fact, moment))
    effects = (*tell, *_stop_ringing(escalation.pages, moment))
    return Plan(effects, _contact_over(escalation, moment), unmarks=_page_marks(escalation.pages))


def _to_be_told(fact: e.PageTaken, moment: Moment) -> Iterable[str]:
    """Name one page of everybody else who was asked, once even when several ladders were taken with one word."""
    taken = [x for x in moment.case.escalations if x.state is EscalationState.TAKEN and x.ended_at == moment.at]
    ended = [x for x in taken if x.has_taken(fact.person)]
    if not ended or ended[0].id != fact.escalation:
        return ()
    told = (PageState.ENDED, PageState.TAKEN)
    pages = [page for x in ended for page in x.pages if page.state in told and page.person != fact.person]
    return {page.person: page.id for page in pages}.values()


def _contact_over(escalation: Escalation, moment: Moment) -> tuple[Deadline, ...]:
    """Plan to look whether whoever took it is in contact with the case by then."""
    if escalation.contact_due_at is None:
        return ()
    key = f"{moment.stream}:{CONTACT_OVER}:{escalation.id}"
    return (Deadline(key, moment.stream, CONTACT_OVER, escalation.id, escalation.contact_due_at),)


def withdraw_pages(fact: e.EscalationStoodDown, moment: Moment) -> Plan:
    """Tell everybody who was asked that nobody need come, and stop their telephones."""
    escalation = moment.case.escalation(fact.escalation)
    pages = escalation.pages if escalation else ()
    tell = tuple(moment.effect(TELL_TAKEN, page, 4) for page in _woken_for_nothing(fact, moment))
    return Plan(effects=(*tell, *_stop_ringing(pages, moment)), unmarks=_page_marks(pages))


def _woken_for_nothing(fact: e.EscalationStoodDown, moment: Moment) -> Iterable[str]:
    """Name one page of everybody who was asked and need not come, once even when several ladders are stood down."""
    ended = [x for x in moment.case.escalations if x.state is EscalationState.STOOD_DOWN and x.ended_at == moment.at]
    if not ended or ended[0].id != fact.escalation:
        return ()
    told = (PageState.ENDED, PageState.TAKEN)
    return {p.person: p.id for x in ended for p in x.pages if p.state in told}.values()


def _stop_ringing(pages: tuple[Page, ...], moment: Moment) -> tuple[Effect, ...]:
    """Hang up what still rings: whoever took it by text must not be woken again, nor anybody else."""
    ringing = (a for page in pages for a in page.attempts if a.method is Method.VOICE and a.state is AttemptState.SENT)
    return tuple(moment.effect(STOP_RINGING, a.id, 3) for a in ringing)


def _page_marks(pages: tuple[Page, ...]) -> tuple[str, ...]:
    return tuple(page_mark(page.person, page.id) for page in pages)


def withdraw_page(fact: e.PagePassed, moment: Moment) -> Plan:
    """Let whoever passed it on sleep."""
    escalation = moment.case.escalation(fact.escalation)
    page = escalation.page(fact.page) if escalation else None
    return Plan(effects=_stop_ringing((page,) if page else (), moment), unmarks=(page_mark(fact.person, fact.page),))


def hang_up_what_rings_too_late(fact: e.AttemptProgressed, moment: Moment) -> Plan:
    """A call that the carrier took in while its page was being taken or passed rings for nothing."""
    escalation = moment.case.escalation_of_attempt(fact.attempt)
    page = escalation.page_of(fact.attempt) if escalation else None
    if page is None or page.state is PageState.OPEN or fact.state is not AttemptState.SENT:
        return Plan()
    return Plan(effects=tuple(x for x in _stop_ringing((page,), moment) if x.subject == fact.attempt))


def try_the_next_way_at_once(fact: e.AttemptProgressed, moment: Moment) -> Plan:
    """What failed will not wake anybody: the way that was to be tried later is tried now.

    The effect that was planned for later stays; when its time comes the attempt is under way, and it does nothing.
    """
    escalation = moment.case.escalation_of_attempt(fact.attempt)
    page = escalation.page_of(fact.attempt) if escalation else None
    if escalation is None or page is None or page.state is not PageState.OPEN or not escalation.wants_somebody:
        return Plan()
    if fact.state is not AttemptState.FAILED and not is_machine(fact.detail):
        return Plan()
    soonest = left_unheard(page.attempts)
    if soonest is None:
        return Plan()
    return Plan(effects=(moment.effect(SEND_PAGE, soonest.id, _priority(moment, escalation.id)),))


def ring_again(fact: e.AttemptRepeated, moment: Moment) -> Plan:
    """Make the next call of the row."""
    priority = _priority(moment, fact.escalation)
    return Plan(effects=(moment.effect(SEND_PAGE, fact.attempt, priority, fact.after_seconds),))


def _priority(moment: Moment, escalation: str) -> int:
    found = next((x for x in moment.case.escalations if x.id == escalation), None)
    return _PAGE_PRIORITY.get(found.urgency, 2) if found else 2
