"""How a case answers what concerns calls and texts: what came, what was written, who is in the room."""

from __future__ import annotations

from typing import assert_never

from crisis_hub.domain import commands as c
from crisis_hub.domain import conversation as talk
from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case
from crisis_hub.domain.errors import TooLate
from crisis_hub.domain.triage import Lexicon, notice
from crisis_hub.domain.vocabulary import CarrierId, CaseState, Channel, MessageId

Facts = list[e.CaseFact]


def arrive(case: Case | None, command: c.ReceiveText | c.ReceiveCall, lexicon: Lexicon) -> Facts:
    """Take in a text or a call; the first of them opens the case, and the same one again changes nothing."""
    if case is not None and _takes_nothing(case, command.carrier_id):
        return []
    if isinstance(command, c.ReceiveCall):
        return _receive_call(case, command)
    return _receive_text(case, command, lexicon)


def answer(case: Case, command: c.EndContact | c.ProgressMessage | c.WriteMessage | c.JoinRoom | c.NoteRoom) -> Facts:
    """Return what becomes true of a case that is there."""
    match command:
        case c.EndContact():
            return _end_contact(case, command)
        case c.ProgressMessage():
            return _progress_message(case, command)
        case c.WriteMessage():
            return _write_message(case, command)
        case c.JoinRoom():
            return _join_room(case, command)
        case c.NoteRoom():
            return _note_room(case, command)
        case _ as never:
            assert_never(never)


def _receive_text(case: Case | None, command: c.ReceiveText, lexicon: Lexicon) -> Facts:
    facts: Facts = []
    if case is None:
        facts.append(
            e.CaseOpened(
                command.case,
                command.number,
                Channel.TEXT,
                command.language,
                command.contact_ref,
                command.drill,
                command.recent,
            )
        )
    thread = case.conversation.thread() if case else None
    contact = thread.id if thread else command.contact
    if thread is None:
        facts.append(e.ContactArrived(contact, Channel.TEXT, command.carrier_id, command.line, command.address))
    facts.append(e.MessageReceived(command.message, contact, command.carrier_id, command.media, command.text))
    facts += _noticed(case, command, lexicon)
    stopped = case is not None and case.conversation.texting_stopped
    if talk.is_stop_word(command.text) and not stopped:
        return [*facts, e.TextingStopped(contact, command.text.strip().lower())]
    if talk.is_start_word(command.text) and stopped:
        facts.append(e.TextingResumed(contact))
    if case is None and command.reply:
        facts.append(e.MessageWritten(_reply_id(command), contact, talk.LINE, command.reply))
    return facts


def _noticed(case: Case | None, command: c.ReceiveText, lexicon: Lexicon) -> Facts:
    """Name each entry of the lexicon once in a case: a second time would change nothing."""
    known = {(one.entry, one.says) for one in case.noticed} if case else set()
    return [
        e.WordsNoticed(command.message, found.entry, found.says, found.version)
        for found in notice(command.text, lexicon)
        if (found.entry, found.says) not in known
    ]


def _reply_id(command: c.ReceiveText) -> MessageId:
    return MessageId(f"{command.message}-r")


def _receive_call(case: Case | None, command: c.ReceiveCall) -> Facts:
    facts: Facts = []
    if case is None:
        facts.append(
            e.CaseOpened(
                command.case,
                command.number,
                Channel.VOICE,
                command.language,
                command.contact_ref,
                command.drill,
                command.recent,
            )
        )
    facts.append(e.ContactArrived(command.contact, Channel.VOICE, command.carrier_id, command.line, command.address))
    return facts


def _takes_nothing(case: Case, carrier_id: CarrierId) -> bool:
    """Say whether this contact was taken in before, or the case is closed and a new one must open."""
    return case.state is CaseState.CLOSED or carrier_id in case.conversation.seen


def _end_contact(case: Case, command: c.EndContact) -> Facts:
    contact = case.conversation.contact(command.contact)
    return [] if contact is None or contact.ended_at else [e.ContactEnded(contact.id, command.how)]


def _progress_message(case: Case, command: c.ProgressMessage) -> Facts:
    message = case.conversation.message(command.message)
    if message is None or not talk.goes_forward(message.state, command.state):
        return []
    return [e.MessageProgressed(message.id, command.state, command.carrier_id, command.detail)]


def _write_message(case: Case, command: c.WriteMessage) -> Facts:
    case.must_be_open()
    if case.conversation.message(command.message):
        return []
    thread = case.conversation.thread()
    if thread is None:
        raise TooLate("This person called and did not write, so there is no thread to answer.")
    if case.conversation.texting_stopped:
        raise TooLate("The person has stopped our texts, so the carrier would refuse this one. Think of calling.")
    return [e.MessageWritten(command.message, thread.id, command.by, command.text)]


def _join_room(case: Case, command: c.JoinRoom) -> Facts:
    call = case.conversation.running_call()
    if call is None:
        raise TooLate("The call is over, so there is no room to join.")
    here = case.conversation.in_room | case.conversation.rung
    return [] if command.by in here else [e.RoomRung(call.id, command.by)]


def _note_room(case: Case, command: c.NoteRoom) -> Facts:
    contact = case.conversation.contact(command.contact)
    if contact is None or contact.ended_at:
        return []
    if command.here:
        known = command.person in case.conversation.in_room
        return [] if known else [e.RoomJoined(contact.id, command.person)]
    known = command.person in case.conversation.in_room | case.conversation.rung
    return [e.RoomLeft(contact.id, command.person, command.why)] if known else []
