"""When this becomes true, that is done.

The one page of everything that follows from facts. What stands on the right only plans: the effects, deadlines and
marks it returns are written in the same transaction as the fact, and done afterwards by `errands` and `watch`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crisis_hub.application import cover_reactions as covers
from crisis_hub.application import ladder_reactions as ladders
from crisis_hub.application import reach_reactions as reach
from crisis_hub.application.plans import (
    CONTACT_OVER,
    NOTHING,
    PAGE_STEP,
    RING_ROOM,
    SEND_PAGE,
    SEND_TEXT,
    STEP_OVER,
    STOP_RINGING,
    TELL_TAKEN,
    Moment,
    Place,
    Plan,
    carrier_mark,
    open_mark,
    page_mark,
    token_mark,
)
from crisis_hub.domain import events as e
from crisis_hub.domain.conversation import LINE
from crisis_hub.domain.vocabulary import Channel

__all__ = [
    "CONTACT_OVER",
    "PAGE_STEP",
    "REACTIONS",
    "RING_ROOM",
    "SEND_PAGE",
    "SEND_TEXT",
    "STEP_OVER",
    "STOP_RINGING",
    "TELL_TAKEN",
    "Moment",
    "Plan",
    "calls_for_work",
    "carrier_mark",
    "open_mark",
    "page_mark",
    "react",
    "token_mark",
]

_TEXT_PRIORITY = 5


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


Reaction = Callable[[Any, Any], Plan]
"""Takes a fact and its `Moment`; a fact that is about no case has a `Place` only."""

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
    e.StepTaken: (ladders.page_the_step,),
    e.PersonPaged: (ladders.send_the_page,),
    e.NobodyToPage: (),
    e.AttemptProgressed: (
        ladders.hang_up_what_rings_too_late,
        ladders.try_the_next_way_at_once,
        reach.note_the_opt_out,
    ),
    e.AttemptRepeated: (ladders.ring_again,),
    e.AttemptMerged: (),
    e.PageTaken: (ladders.call_off_the_others, reach.prove_the_way),
    e.PagePassed: (ladders.withdraw_page,),
    e.EscalationExhausted: (ladders.call_the_last_resort,),
    e.EscalationStoodDown: (ladders.withdraw_pages,),
    e.TakerSeen: (),
    e.TakerSilent: (),
    e.PersonRegistered: (),
    e.PersonRemoved: (),
    e.WayAdded: (),
    e.WayCodeSent: (),
    e.WayCodeWrong: (),
    e.WayVerified: (),
    e.WayRemoved: (),
    e.WayProved: (),
    e.WayOptedOut: (),
    e.WayOptedIn: (),
    e.TestPageSent: (),
    e.TestPageProgressed: (),
    e.TestPageTaken: (),
    e.CalendarLinkRenewed: (),
    e.CanaryReleased: (),
    e.CanaryFailed: (),
    e.CanaryAnswered: (),
    e.RulebookLoaded: (),
    e.SignOffProposed: (),
    e.RulebookSigned: (),
    e.OverrideMade: (),
    e.OverrideEnded: (),
    e.CoverAsked: (covers.tell_those_concerned,),
    e.CoverTaken: (covers.tell_those_concerned,),
    e.CoverDeclined: (covers.tell_those_concerned,),
    e.CoverLapsed: (covers.tell_those_concerned,),
    e.CoverWithdrawn: (covers.tell_those_concerned,),
    e.LeaveTaken: (),
    e.LeaveEnded: (),
    e.CoverageChanged: (),
}
"""Every fact, and what is done when it becomes true. An empty tuple says: it is shown, and nothing else follows."""


_ONLY_REMEMBERED = (e.CaseOpened, e.ContactArrived, e.MessageReceived)
"""Facts whose reactions leave marks and plan nothing else: what every text brings, and so the hottest of all."""


def calls_for_work(fact: e.Fact) -> bool:
    """Say whether something may have to be done in the world because of a fact; a no is certain."""
    if isinstance(fact, e.MessageWritten):
        return fact.author != LINE
    return bool(REACTIONS[type(fact)]) and not isinstance(fact, _ONLY_REMEMBERED)


def react(fact: e.Fact, moment: Place) -> Plan:
    """Return everything that one fact calls for."""
    reactions = REACTIONS[type(fact)]
    if len(reactions) < 2:
        return reactions[0](fact, moment) if reactions else NOTHING
    plans = [reaction(fact, moment) for reaction in reactions]
    return Plan(
        tuple(effect for plan in plans for effect in plan.effects),
        tuple(deadline for plan in plans for deadline in plan.deadlines),
        tuple(mark for plan in plans for mark in plan.marks),
        tuple(mark for plan in plans for mark in plan.unmarks),
    )
