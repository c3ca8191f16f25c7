"""How a case answers a command: with facts, with nothing (it is so already), or by refusing.

One short function for each command. Repeating a command that did its work changes nothing. What the answers mean
is weighed afterwards, by `decision`.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from crisis_hub.domain import commands as c
from crisis_hub.domain import conversation as talk
from crisis_hub.domain import escalation as ladders
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import NotFound, SomebodyWasFirst, TooLate, Wrong
from crisis_hub.domain.instrument import why_not
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import CarrierId, CaseState, Channel, EscalationId, EscalationState, MessageId

Facts = list[e.CaseFact]


def respond(case: Case | None, command: c.Command, rulebook: Rulebook, now: datetime) -> Facts:
    """Return what becomes true; raise `Refused` when it cannot."""
    if isinstance(command, c.ReceiveText):
        return _receive_text(case, command)
    if isinstance(command, c.ReceiveCall):
        return _receive_call(case, command)
    if case is None:
        raise NotFound("There is no such case.")
    if isinstance(command, c.RecordAnswer):
        return _record_answer(case, command, rulebook)
    if isinstance(command, c.Escalate):
        return _escalate(case, command, rulebook, now)
    return _rest(case, command, now)


def _rest(case: Case, command: c.Command, now: datetime) -> Facts:
    match command:
        case c.EndContact() | c.ProgressMessage() | c.WriteMessage() | c.JoinRoom() | c.NoteRoom():
            return _talk(case, command)
        case c.ClaimCase():
            return _claim(case, command)
        case c.ReleaseCase():
            return _release(case, command)
        case c.WriteNote():
            return [e.NoteWritten(command.note, command.by, command.text)]
        case c.SetRisk():
            return _set_risk(case, command)
        case c.AskForAssist():
            return _ask_for_assist(case, command)
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
        case c.CloseCase():
            return _close(case, command)
        case c.ReceiveText() | c.ReceiveCall() | c.RecordAnswer() | c.Escalate():
            raise AssertionError("answered above")
        case _ as never:
            assert_never(never)


# ---------------------------------------------------------------------------------------- conversation


def _receive_text(case: Case | None, command: c.ReceiveText) -> Facts:
    if case is not None and _takes_nothing(case, command.carrier_id):
        return []
    facts: Facts = []
    if case is None:
        facts.append(
            e.CaseOpened(
                command.case, command.number, Channel.TEXT, command.language, command.contact_ref, command.drill
            )
        )
    thread = case.conversation.thread() if case else None
    contact = thread.id if thread else command.contact
    if thread is None:
        facts.append(e.ContactArrived(contact, Channel.TEXT, command.carrier_id, command.line, command.address))
    facts.append(e.MessageReceived(command.message, contact, command.carrier_id, command.media, command.text))
    stopped = case is not None and case.conversation.texting_stopped
    if talk.is_stop_word(command.text) and not stopped:
        return [*facts, e.TextingStopped(contact, command.text.strip().lower())]
    if talk.is_start_word(command.text) and stopped:
        facts.append(e.TextingResumed(contact))
    if case is None and command.reply:
        facts.append(e.MessageWritten(_reply_id(command), contact, talk.LINE, command.reply))
    return facts


def _reply_id(command: c.ReceiveText) -> MessageId:
    return MessageId(f"{command.message}-r")


def _receive_call(case: Case | None, command: c.ReceiveCall) -> Facts:
    if case is not None and _takes_nothing(case, command.carrier_id):
        return []
    facts: Facts = []
    if case is None:
        facts.append(
            e.CaseOpened(
                command.case, command.number, Channel.VOICE, command.language, command.contact_ref, command.drill
            )
        )
    facts.append(e.ContactArrived(command.contact, Channel.VOICE, command.carrier_id, command.line, command.address))
    return facts


def _takes_nothing(case: Case, carrier_id: CarrierId) -> bool:
    """Say whether this contact was taken in before, or the case is closed and a new one must open."""
    return case.state is CaseState.CLOSED or carrier_id in case.conversation.seen


def _talk(case: Case, command: c.Command) -> Facts:
    match command:
        case c.EndContact():
            contact = case.conversation.contact(command.contact)
            return [] if contact is None or contact.ended_at else [e.ContactEnded(contact.id, command.how)]
        case c.ProgressMessage():
            message = case.conversation.message(command.message)
            if message is None or not talk.goes_forward(message.state, command.state):
                return []
            return [e.MessageProgressed(message.id, command.state, command.carrier_id, command.detail)]
        case c.WriteMessage():
            return _write_message(case, command)
        case c.JoinRoom():
            call = case.conversation.running_call()
            if call is None:
                raise TooLate("The call is over, so there is no room to join.")
            here = case.conversation.in_room | case.conversation.rung
            return [] if command.by in here else [e.RoomRung(call.id, command.by)]
        case c.NoteRoom():
            return _note_room(case, command)
    return []


def _write_message(case: Case, command: c.WriteMessage) -> Facts:
    _still_open(case)
    if case.conversation.message(command.message):
        return []
    thread = case.conversation.thread()
    if thread is None:
        raise TooLate("This person called and did not write, so there is no thread to answer.")
    if case.conversation.texting_stopped:
        raise TooLate("The person has stopped our texts, so the carrier would refuse this one. Think of calling.")
    return [e.MessageWritten(command.message, thread.id, command.by, command.text)]


def _note_room(case: Case, command: c.NoteRoom) -> Facts:
    contact = case.conversation.contact(command.contact)
    if contact is None or contact.ended_at:
        return []
    if command.here:
        known = command.person in case.conversation.in_room
        return [] if known else [e.RoomJoined(contact.id, command.person)]
    known = command.person in case.conversation.in_room | case.conversation.rung
    return [e.RoomLeft(contact.id, command.person, command.why)] if known else []


# ------------------------------------------------------------------------------------------------ care


def _claim(case: Case, command: c.ClaimCase) -> Facts:
    _still_open(case)
    if case.responder == command.by:
        return []
    if case.responder is not None:
        raise SomebodyWasFirst(f"{case.responder_name} has case {case.number}.", str(case.responder_name))
    return [e.CaseClaimed(command.by, command.name)]


def _release(case: Case, command: c.ReleaseCase) -> Facts:
    _still_open(case)
    if case.responder is None:
        return []
    return [e.CaseReleased(command.by, command.reason)]


def _record_answer(case: Case, command: c.RecordAnswer, rulebook: Rulebook) -> Facts:
    _still_open(case)
    instrument = rulebook.instrument(command.instrument)
    if instrument is None:
        raise Wrong("instrument", f"There is no instrument called “{command.instrument}” in the rulebook.")
    item = instrument.item(command.item)
    if item is None:
        known = ", ".join(item.id for item in instrument.items)
        raise Wrong("item", f"{instrument.id} has no item “{command.item}”; it has {known}.")
    wrong = why_not(item, command.answer)
    if wrong:
        raise Wrong("answer", wrong)
    older = case.answers.get(instrument.id, {}).get(item.id)
    if older and (older.answer, older.words) == (command.answer, command.words):
        return []
    return [e.AnswerRecorded(instrument.id, instrument.version, item.id, command.answer, command.by, command.words)]


def _set_risk(case: Case, command: c.SetRisk) -> Facts:
    _still_open(case)
    if command.risk is Risk.NOT_ASSESSED:
        raise Wrong("risk", "Nobody can take back that a risk was assessed; say none, low or what it is.")
    if command.risk is case.risk:
        return []
    if is_worse(command.risk, case.risk):
        because = e.Because("person", "A person judged it so.")
        return [e.RiskRaised(command.risk, (because,), command.by), *_kept_reason(command)]
    if not command.reason.strip():
        raise Wrong("reason", "Lowering the risk needs a reason.")
    if case.risk is not Risk.IMMINENT:
        return [e.RiskLowered(command.risk, command.by, None, command.reason)]
    proposed = case.lowering
    if proposed is None or proposed.by == command.by or proposed.risk is not command.risk:
        return [e.RiskLoweringProposed(command.risk, command.by, command.reason)]
    return [e.RiskLowered(command.risk, proposed.by, command.by, command.reason)]


def _kept_reason(command: c.SetRisk) -> Facts:
    """Keep the reason for a rise as a note, since it is in a person's own words."""
    note = f"risk-{command.risk.value}-{command.by}"
    return [e.NoteWritten(note, command.by, command.reason)] if command.reason.strip() else []


def _ask_for_assist(case: Case, command: c.AskForAssist) -> Facts:
    _still_open(case)
    return [] if case.assist else [e.AssistAsked(command.by, command.name)]


def _close(case: Case, command: c.CloseCase) -> Facts:
    if case.state is CaseState.CLOSED:
        return []
    if any(x.wants_somebody for x in case.escalations):
        raise TooLate(
            "A page is still open: somebody must take it, or stand it down with a reason, before the case closes."
        )
    return [e.CaseClosed(command.outcome, command.by, command.reason)]


def _still_open(case: Case) -> None:
    if case.state is CaseState.CLOSED:
        raise TooLate(f"Case {case.number} is closed.")


# ------------------------------------------------------------------------------------------ escalation


def next_escalation(case: Case, more: int = 0) -> EscalationId:
    """Return the id of the case's next ladder; `more` are begun in the same breath."""
    return EscalationId(f"{case.id}-e{len(case.escalations) + more + 1}")


def _escalate(case: Case, command: c.Escalate, rulebook: Rulebook, now: datetime) -> Facts:
    _still_open(case)
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
    escalation = case.escalation(command.escalation)
    if escalation is None or not escalation.running or escalation.step != command.step:
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
    return [fact, *(ladders.after_failure(after, now) if escalation.running else [])]


def _take(case: Case, command: c.TakePage) -> Facts:
    escalation = case.escalation_of_page(command.page)
    page = escalation.page(command.page) if escalation else None
    if escalation is None or page is None or page.person != command.by:
        raise NotFound("There is no such page for this person.")
    if not escalation.wants_somebody:
        return []
    return [e.PageTaken(page.id, escalation.id, page.person, page.name, command.means)]


def _pass(case: Case, command: c.PassPage, now: datetime) -> Facts:
    escalation = case.escalation_of_page(command.page)
    page = escalation.page(command.page) if escalation else None
    if escalation is None or page is None or page.person != command.by:
        raise NotFound("There is no such page for this person.")
    if escalation.state is not EscalationState.RUNNING or page not in list(escalation.open_pages()):
        return []
    return [
        e.PagePassed(page.id, escalation.id, page.person, command.means),
        *ladders.after_pass(escalation, page, now),
    ]
