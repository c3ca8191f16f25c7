"""Calls and texts: what comes is kept once, in the right thread, and has a named fate."""

from __future__ import annotations

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.conversation import START_WORDS, STOP_WORDS, is_start_word, is_stop_word
from crisis_hub.domain.errors import NotFound, TooLate
from crisis_hub.domain.vocabulary import CaseState, Channel, ContactId, MessageId, MessageState
from tests.domain.given import (
    BEN,
    CASE,
    RUI,
    Given,
    call_comes,
    call_ends,
    claim,
    kinds,
    only,
    text_comes,
    told,
)


def writes(words: str = "I am here.", message: str = "o1") -> c.WriteMessage:
    return c.WriteMessage(RUI, MessageId(message), words)


# ------------------------------------------------------------------------------------------ texts


def test_the_first_text_opens_a_case_with_a_thread_and_an_automatic_reply() -> None:
    given = Given()

    facts = given.when(text_comes("help", reply="You have reached us."))

    assert facts == (
        e.CaseOpened(CASE, "1001", Channel.TEXT, "en", text_comes().contact_ref, drill=False),
        e.ContactArrived(ContactId("t-SM1"), Channel.TEXT, text_comes().carrier_id, "+15550100100", "+15550100900"),
        e.MessageReceived(MessageId("m-SM1"), ContactId("t-SM1"), text_comes().carrier_id, 0, "help"),
        e.MessageWritten(MessageId("m-SM1-r"), ContactId("t-SM1"), "line", "You have reached us."),
    )
    assert given.case.state is CaseState.WAITING
    assert given.case.waiting_since == given.now


def test_a_second_text_stays_in_its_thread_and_is_not_answered_by_the_line() -> None:
    """A person who is already talking to somebody must not be told again that somebody will come."""
    given = Given()
    given.when(text_comes("help", reply="You have reached us."))

    facts = given.when(text_comes("are you there", "SM2", reply="You have reached us."))

    assert kinds(facts) == ["MessageReceived"]
    assert {message.contact for message in given.case.conversation.messages} == {ContactId("t-SM1")}


def test_a_text_after_a_call_begins_a_thread_in_the_same_case() -> None:
    given = Given()
    given.when(call_comes())

    assert kinds(given.when(text_comes("the line broke"))) == ["ContactArrived", "MessageReceived"]
    assert given.case.channel is Channel.VOICE


def test_a_closed_case_takes_in_nothing_more() -> None:
    """What comes later is a new crisis and opens a case of its own."""
    given = Given()
    given.when(text_comes(), c.CloseCase(RUI, "safe", ""))

    assert given.when(text_comes("again", "SM2")) == ()
    assert given.when(call_comes()) == ()


# ------------------------------------------------------------------------------------------ stop and start


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_a_stop_word_stops_our_texts_and_is_kept_as_what_was_said(word: str) -> None:
    """The carrier lets nothing more through; in a crisis "end" and "quit" may also mean what they say."""
    given = Given()
    given.when(text_comes())

    facts = given.when(text_comes(f"  {word.upper()}! ", "SM2"))

    assert kinds(facts) == ["MessageReceived", "TextingStopped"]
    assert given.case.conversation.texting_stopped


def test_whoever_begins_with_stop_gets_a_case_and_no_reply() -> None:
    given = Given()

    facts = given.when(text_comes("STOP", reply="You have reached us."))

    assert kinds(facts) == ["CaseOpened", "ContactArrived", "MessageReceived", "TextingStopped"]


def test_a_stop_word_inside_a_sentence_stops_nothing() -> None:
    given = Given()
    given.when(text_comes("i want it to stop"))

    assert not given.case.conversation.texting_stopped


@pytest.mark.parametrize("word", sorted(START_WORDS))
def test_a_start_word_lifts_it_and_means_nothing_otherwise(word: str) -> None:
    """ "Yes" is an answer like any other while nobody has stopped us."""
    given = Given()
    given.when(text_comes())
    assert kinds(given.when(text_comes(word, "SM2"))) == ["MessageReceived"]

    given.when(text_comes("stop", "SM3"))
    assert kinds(given.when(text_comes(word, "SM4"))) == ["MessageReceived", "TextingResumed"]
    assert not given.case.conversation.texting_stopped


def test_stopping_twice_is_said_once() -> None:
    given = Given()
    given.when(text_comes(), text_comes("stop", "SM2"))

    assert kinds(given.when(text_comes("stop", "SM3"))) == ["MessageReceived"]


def test_no_word_is_both() -> None:
    assert not any(is_start_word(word) for word in STOP_WORDS)
    assert not any(is_stop_word(word) for word in START_WORDS)


# ------------------------------------------------------------------------------------------ writing back


def test_words_for_the_person_go_to_the_newest_thread() -> None:
    given = Given()
    given.when(text_comes(), claim())

    assert given.when(writes()) == (e.MessageWritten(MessageId("o1"), ContactId("t-SM1"), RUI, "I am here."),)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ((call_comes(),), "This person called and did not write"),
        ((text_comes(), text_comes("stop", "SM2")), "The person has stopped our texts"),
        ((text_comes(), c.CloseCase(RUI, "safe", "")), "Case 1001 is closed."),
    ],
)
def test_words_that_would_reach_nobody_are_refused_with_a_reason(before: tuple[c.Command, ...], why: str) -> None:
    given = Given()
    given.when(*before)

    with pytest.raises(TooLate, match=why):
        given.when(writes())


def test_how_far_a_message_got_is_kept_with_the_carriers_id() -> None:
    given = Given()
    given.when(text_comes(), claim(), writes(), told("o1", MessageState.SENT))
    given.when(told("o1", MessageState.FAILED, "30003"))

    message = given.case.conversation.message(MessageId("o1"))
    assert message is not None
    assert (message.state, message.carrier_id, message.detail) == (MessageState.FAILED, "SM-o1", "30003")


def test_news_of_a_message_that_is_not_ours_says_nothing() -> None:
    given = Given()
    given.when(text_comes())

    assert given.when(told("o9", MessageState.DELIVERED)) == ()


# ------------------------------------------------------------------------------------------ calls and rooms


def test_a_caller_who_hangs_up_while_waiting_has_a_named_fate_and_stays_in_the_queue() -> None:
    """Whoever gave up is still somebody to be called back."""
    given = Given()
    given.when(call_comes())

    assert given.when(call_ends(how="no-answer")) == (e.ContactEnded(ContactId("v-CA1"), "no-answer"),)
    assert given.case.state is CaseState.WAITING
    assert given.case.conversation.contacts[0].how_ended == "no-answer"
    assert given.when(call_ends(how="completed")) == ()


def test_the_end_of_a_call_that_is_not_ours_says_nothing() -> None:
    given = Given()
    given.when(text_comes())

    assert given.when(call_ends("CA9")) == ()


def test_a_responder_is_rung_then_joins_then_leaves() -> None:
    given = Given()
    given.when(call_comes(), claim())
    room = ContactId("v-CA1")

    assert given.when(c.JoinRoom(RUI)) == (e.RoomRung(room, RUI),)
    assert given.when(c.NoteRoom(room, RUI, here=True, why="in-progress")) == (e.RoomJoined(room, RUI),)
    assert given.case.conversation.in_room == {RUI}
    assert given.when(c.NoteRoom(room, RUI, here=False, why="completed")) == (e.RoomLeft(room, RUI, "completed"),)
    assert given.case.conversation.in_room == frozenset()


def test_a_responder_who_does_not_pick_up_can_be_rung_again() -> None:
    given = Given()
    given.when(call_comes(), claim(), c.JoinRoom(RUI))

    left = given.when(c.NoteRoom(ContactId("v-CA1"), RUI, here=False, why="no-answer"))

    assert only(left, e.RoomLeft)[0].why == "no-answer"
    assert kinds(given.when(c.JoinRoom(RUI))) == ["RoomRung"]


def test_there_is_no_room_without_a_call() -> None:
    given = Given()
    given.when(text_comes())

    with pytest.raises(TooLate, match="The call is over"):
        given.when(c.JoinRoom(RUI))


def test_a_room_ends_with_its_call() -> None:
    given = Given()
    given.when(call_comes(), claim(), c.JoinRoom(RUI), c.NoteRoom(ContactId("v-CA1"), RUI, here=True, why=""))
    given.when(call_ends())

    assert given.case.conversation.in_room == frozenset()
    assert given.when(c.NoteRoom(ContactId("v-CA1"), RUI, here=True, why="late")) == ()
    with pytest.raises(TooLate):
        given.when(c.JoinRoom(RUI))


def test_the_late_end_of_an_older_call_empties_no_newer_room() -> None:
    """A caller whose line breaks calls again before the carrier has told of the first call's end."""
    given = Given()
    given.when(call_comes(), call_comes("CA2"), claim(), c.JoinRoom(RUI))
    given.when(c.NoteRoom(ContactId("v-CA2"), RUI, here=True, why=""), call_ends("CA1"))

    assert given.case.conversation.in_room == {RUI}

    given.when(c.NoteRoom(ContactId("v-CA1"), BEN, here=False, why="late"), call_ends("CA2"))
    assert given.case.conversation.in_room == frozenset()


def test_a_repeat_caller_comes_back_to_the_same_case() -> None:
    given = Given()
    given.when(call_comes(), call_ends())

    assert kinds(given.when(call_comes("CA2"))) == ["ContactArrived"]
    call = given.case.conversation.running_call()
    assert call is not None
    assert call.id == ContactId("v-CA2")


@pytest.mark.parametrize("command", [call_ends(), claim(), c.JoinRoom(RUI), told("o1", MessageState.SENT)])
def test_nothing_can_be_asked_of_a_case_that_is_not_there(command: c.Command) -> None:
    with pytest.raises(NotFound, match="There is no such case"):
        Given().when(command)
