"""When this becomes true, that is done.

The one page of everything that follows from facts. What stands on the right only plans: the effects, deadlines and
marks it returns are written in the same transaction as the fact, and done afterwards by `errands` and `watch`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crisis_hub.application.ports import Deadline, Effect, Secrets
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.conversation import LINE
from crisis_hub.domain.escalation import Page
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, Channel, EscalationState, Method, PageState

PAGE_STEP, SEND_PAGE, TELL_TAKEN, STOP_RINGING = "page_step", "send_page", "tell_taken", "stop_ringing"
SEND_TEXT, RING_ROOM = "send_text", "ring_room"
STEP_OVER = "step_over"

_PAGE_PRIORITY = {Risk.IMMINENT: 0, Risk.HIGH: 1}
_TEXT_PRIORITY = 5
_UNDER_WAY = (AttemptState.SENT, AttemptState.UNKNOWN)
"""Ways that may still wake somebody; a text that was delivered has done what it can."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done because of one fact."""

    effects: tuple[Effect, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    unmarks: tuple[str, ...] = ()


_NOTHING = Plan()


@dataclass(frozen=True, slots=True)
class Moment:
    """The fact's place and time, and the case as it is after the whole command."""

    stream: str
    version: int
    at: datetime
    case: Case
    secrets: Secrets

    def effect(self, kind: str, subject: str, priority: int, after_seconds: float = 0) -> Effect:
        """Return an effect whose key is this fact's place, so that planning it twice is planning it once."""
        key = f"{self.stream}:{self.version}:{kind}:{subject}"
        return Effect(key, self.stream, kind, subject, self.at + timedelta(seconds=after_seconds), priority)


def open_mark(contact_ref: str) -> str:
    """Name the mark that says which open case a telephone number belongs to."""
    return f"open:{contact_ref}"


def carrier_mark(carrier_id: str) -> str:
    """Name the mark that says that a call or message was already taken in."""
    return f"carrier:{carrier_id}"


def page_mark(person: str, page: str = "") -> str:
    """Name the mark of a page that a person could take; without a page, what all of that person's begin with."""
    return f"page:{person}:{page}"


def token_mark(token_hash: str) -> str:
    """Name the mark that says to which page a link belongs."""
    return f"token:{token_hash}"


# ------------------------------------------------------------------------------------------- what is done


def _remember_open_case(fact: e.CaseOpened, moment: Moment) -> Plan:
    return Plan(marks=((open_mark(fact.contact_ref), moment.stream),))


def _remember_call(fact: e.ContactArrived, moment: Moment) -> Plan:
    if fact.channel is Channel.TEXT:  # its first message leaves the mark
        return Plan()
    return Plan(marks=((carrier_mark(fact.carrier_id), f"{moment.stream}/{fact.contact}"),))


def _remember_message(fact: e.MessageReceived, moment: Moment) -> Plan:
    return Plan(marks=((carrier_mark(fact.carrier_id), f"{moment.stream}/{fact.message}"),))


def _send_text(fact: e.MessageWritten, moment: Moment) -> Plan:
    if fact.author == LINE:  # goes out in the answer to the carrier's own webhook
        return Plan()
    return Plan(effects=(moment.effect(SEND_TEXT, fact.message, _TEXT_PRIORITY),))


def _ring_room(fact: e.RoomRung, moment: Moment) -> Plan:
    return Plan(effects=(moment.effect(RING_ROOM, f"{fact.contact}/{fact.person}", 2),))


def _forget_open_case(fact: e.CaseClosed, moment: Moment) -> Plan:
    return Plan(unmarks=(open_mark(moment.case.contact_ref),))


def _page_the_step(fact: e.StepTaken, moment: Moment) -> Plan:
    subject = f"{fact.escalation}/{fact.step}"
    due = Deadline(f"{moment.stream}:{STEP_OVER}:{subject}", moment.stream, STEP_OVER, subject, fact.due_at)
    return Plan(effects=(moment.effect(PAGE_STEP, subject, _priority(moment, fact.escalation)),), deadlines=(due,))


def _send_the_page(fact: e.PersonPaged, moment: Moment) -> Plan:
    priority = _priority(moment, fact.escalation)
    effects = tuple(moment.effect(SEND_PAGE, a.attempt, priority, a.after_seconds) for a in fact.attempts)
    token = moment.secrets.token_hash(moment.secrets.page_token(fact.page))
    value = f"{moment.stream}/{fact.page}"
    return Plan(effects=effects, marks=((page_mark(fact.person, fact.page), value), (token_mark(token), value)))


def _call_off_the_others(fact: e.PageTaken, moment: Moment) -> Plan:
    escalation = moment.case.escalation(fact.escalation)
    pages = escalation.pages if escalation else ()
    tell = tuple(moment.effect(TELL_TAKEN, page, 4) for page in _to_be_told(fact, moment))
    return Plan(effects=(*tell, *_stop_ringing(pages, moment)), unmarks=_page_marks(pages))


def _to_be_told(fact: e.PageTaken, moment: Moment) -> Iterable[str]:
    """Name one page of everybody else who was asked, once even when several ladders were taken with one word."""
    ended = [x for x in moment.case.escalations if (x.taken_by, x.ended_at) == (fact.person, moment.at)]
    if not ended or ended[0].id != fact.escalation:
        return ()
    pages = [page for x in ended for page in x.pages]
    return {p.person: p.id for p in pages if p.state is PageState.ENDED and p.person != fact.person}.values()


def _withdraw_pages(fact: e.EscalationStoodDown, moment: Moment) -> Plan:
    escalation = moment.case.escalation(fact.escalation)
    pages = escalation.pages if escalation else ()
    tell = tuple(moment.effect(TELL_TAKEN, page, 4) for page in _woken_for_nothing(fact, moment))
    return Plan(effects=(*tell, *_stop_ringing(pages, moment)), unmarks=_page_marks(pages))


def _woken_for_nothing(fact: e.EscalationStoodDown, moment: Moment) -> Iterable[str]:
    """Name one page of everybody who was asked and need not come, once even when several ladders are stood down."""
    ended = [x for x in moment.case.escalations if x.state is EscalationState.STOOD_DOWN and x.ended_at == moment.at]
    if not ended or ended[0].id != fact.escalation:
        return ()
    return {p.person: p.id for x in ended for p in x.pages if p.state is PageState.ENDED}.values()


def _stop_ringing(pages: tuple[Page, ...], moment: Moment) -> tuple[Effect, ...]:
    """Hang up what still rings: whoever took it by text must not be woken again, nor anybody else."""
    ringing = (a for page in pages for a in page.attempts if a.method is Method.VOICE and a.state is AttemptState.SENT)
    return tuple(moment.effect(STOP_RINGING, a.id, 3) for a in ringing)


def _page_marks(pages: tuple[Page, ...]) -> tuple[str, ...]:
    return tuple(page_mark(page.person, page.id) for page in pages)


def _withdraw_page(fact: e.PagePassed, moment: Moment) -> Plan:
    escalation = moment.case.escalation(fact.escalation)
    page = escalation.page(fact.page) if escalation else None
    return Plan(effects=_stop_ringing((page,) if page else (), moment), unmarks=(page_mark(fact.person, fact.page),))


def _hang_up_what_rings_too_late(fact: e.AttemptProgressed, moment: Moment) -> Plan:
    """A call that the carrier took in while its page was being taken or passed rings for nothing."""
    escalation = moment.case.escalation_of_attempt(fact.attempt)
    page = escalation.page_of(fact.attempt) if escalation else None
    if page is None or page.state is PageState.OPEN or fact.state is not AttemptState.SENT:
        return Plan()
    return Plan(effects=tuple(x for x in _stop_ringing((page,), moment) if x.subject == fact.attempt))


def _try_the_next_way_at_once(fact: e.AttemptProgressed, moment: Moment) -> Plan:
    """What failed will not wake anybody: the way that was to be tried later is tried now.

    The effect that was planned for later stays; when its time comes the attempt is under way, and it does nothing.
    """
    escalation = moment.case.escalation_of_attempt(fact.attempt)
    page = escalation.page_of(fact.attempt) if escalation else None
    if fact.state is not AttemptState.FAILED or escalation is None or page is None or page.state is not PageState.OPEN:
        return Plan()
    waiting = [a for a in page.attempts if a.state is AttemptState.PLANNED]
    under_way = any(a.state in _UNDER_WAY for a in page.attempts)
    if under_way or not waiting or not escalation.wants_somebody:
        return Plan()
    soonest = min(waiting, key=lambda a: a.after_seconds)
    return Plan(effects=(moment.effect(SEND_PAGE, soonest.id, _priority(moment, escalation.id)),))


def _priority(moment: Moment, escalation: str) -> int:
    found = next((x for x in moment.case.escalations if x.id == escalation), None)
    return _PAGE_PRIORITY.get(found.urgency, 2) if found else 2


Reaction = Callable[[Any, Moment], Plan]

REACTIONS: Mapping[type, tuple[Reaction, ...]] = {
    e.CaseOpened: (_remember_open_case,),
    e.ContactArrived: (_remember_call,),
    e.ContactEnded: (),
    e.MessageReceived: (_remember_message,),
    e.WordsNoticed: (),
    e.MessageWritten: (_send_text,),
    e.MessageProgressed: (),
    e.TextingStopped: (),
    e.TextingResumed: (),
    e.RoomRung: (_ring_room,),
    e.RoomJoined: (),
    e.RoomLeft: (),
    e.CaseClaimed: (),
    e.CaseReleased: (),
    e.AnswerRecorded: (),
    e.RiskRaised: (),
    e.RiskLoweringProposed: (),
    e.RiskLowered: (),
    e.RiskUnsettled: (),
    e.RuleFired: (),
    e.RuleEased: (),
    e.RuleBroke: (),
    e.RulebookUsed: (),
    e.DutyOpened: (),
    e.DutyMet: (),
    e.DutyDeclineProposed: (),
    e.DutyDeclined: (),
    e.RecordWritten: (),
    e.OutsideResultRecorded: (),
    e.SectionSkipped: (),
    e.SectionTakenUp: (),
    e.NoteWritten: (),
    e.AssistAsked: (),
    e.CaseClosed: (_forget_open_case,),
    e.EscalationStarted: (),
    e.StepTaken: (_page_the_step,),
    e.PersonPaged: (_send_the_page,),
    e.NobodyToPage: (),
    e.AttemptProgressed: (_hang_up_what_rings_too_late, _try_the_next_way_at_once),
    e.PageTaken: (_call_off_the_others,),
    e.PagePassed: (_withdraw_page,),
    e.EscalationExhausted: (),
    e.EscalationStoodDown: (_withdraw_pages,),
    e.PersonRegistered: (),
    e.PersonRemoved: (),
    e.RulebookLoaded: (),
    e.SignOffProposed: (),
    e.RulebookSigned: (),
}
"""Every fact, and what is done when it becomes true. An empty tuple says: it is shown, and nothing else follows."""


_ONLY_REMEMBERED = (e.CaseOpened, e.ContactArrived, e.MessageReceived)
"""Facts whose reactions leave marks and plan nothing else: what every text brings, and so the hottest of all."""


def calls_for_work(fact: e.Fact) -> bool:
    """Say whether something may have to be done in the world because of a fact; a no is certain."""
    if isinstance(fact, e.MessageWritten):
        return fact.author != LINE
    return bool(REACTIONS[type(fact)]) and not isinstance(fact, _ONLY_REMEMBERED)


def react(fact: e.Fact, moment: Moment) -> Plan:
    """Return everything that one fact calls for."""
    reactions = REACTIONS[type(fact)]
    if len(reactions) < 2:
        return reactions[0](fact, moment) if reactions else _NOTHING
    plans = [reaction(fact, moment) for reaction in reactions]
    return Plan(
        tuple(effect for plan in plans for effect in plan.effects),
        tuple(deadline for plan in plans for deadline in plan.deadlines),
        tuple(mark for plan in plans for mark in plan.marks),
        tuple(mark for plan in plans for mark in plan.unmarks),
    )
