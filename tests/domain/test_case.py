"""A case is what its facts add up to, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.case import evolve, fold
from crisis_hub.domain.decision import _WEIGHED
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import facts_of
from crisis_hub.domain.vocabulary import (
    AttemptState,
    CarrierId,
    ContactId,
    EscalationId,
    MessageId,
    MessageState,
    Method,
)
from tests.domain.given import (
    ANA,
    BEN,
    NOON,
    RUI,
    SAM,
    Given,
    Throws,
    at_risk,
    call_comes,
    call_ends,
    claim,
    judged,
    paged,
    passes,
    rule,
    rulebook,
    said,
    stand_down,
    takes,
    text_comes,
    time_is_over,
    told,
    tried,
)


def a_full_night() -> Given:
    """A case in which nearly everything happens that can."""
    given = Given(rulebook(rule("broken", Throws(), Risk.HIGH)))
    room = ContactId("v-CA1")
    given.when(text_comes(reply="You have reached us."), claim(), said("mood.now=yes"), said("mood.now=no"))
    given.when(c.WriteMessage(RUI, MessageId("o1"), "I am here."), told("o1", MessageState.SENT))
    given.when(text_comes("stop", "SM2"), text_comes("start", "SM3"))
    given.when(call_comes(), c.JoinRoom(RUI), c.NoteRoom(room, RUI, here=True, why=""))
    given.when(c.NoteRoom(room, RUI, here=False, why=""), call_ends())
    given.when(c.AskForAssist(RUI, "Rui"), c.WriteNote(RUI, "n1", "a note"), c.ReleaseCase(RUI, "tired"), claim(SAM))
    given.when(paged(given, ANA, BEN))
    given.when(tried(given.page_of(ANA), 0, AttemptState.SENT), passes(given.page_of(ANA)), time_is_over(given))
    given.when(paged(given))
    given.when(stand_down(), judged(Risk.IMMINENT), judged(Risk.LOW, RUI), judged(Risk.LOW, SAM))
    given.when(c.Escalate(RUI, "everyone", ""))
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)), c.CloseCase(SAM, "safe", "at home"))
    return given


def test_nearly_every_fact_happens_in_one_night() -> None:
    """So that the tests below say something."""
    seen = {type(fact) for fact, _ in a_full_night().history}

    assert set(get_args(e.CaseFact)) - seen == set()


def test_a_case_folded_in_two_parts_is_the_same_case() -> None:
    given = a_full_night()

    for cut in range(1, len(given.history)):
        assert fold(given.history[cut:], fold(given.history[:cut])) == given.case


def test_a_case_begins_with_being_opened() -> None:
    with pytest.raises(TypeError, match="A case begins with CaseOpened, not with CaseClaimed"):
        evolve(None, e.CaseClaimed(RUI, "Rui"), NOON)


def test_a_fact_about_a_ladder_that_is_not_there_changes_nothing() -> None:
    given = at_risk()

    assert evolve(given.case, e.EscalationExhausted(EscalationId("gone")), NOON) == given.case


def test_what_conditions_can_see_changes_only_with_facts_that_are_worth_judging() -> None:
    """Or a rule could begin to hold and nobody would look."""
    given = a_full_night()
    book = rulebook()
    case = fold(given.history[:1])
    assert case is not None
    blind: set[str] = set()
    for fact, at in given.history[1:]:
        before = facts_of(case, book)
        case = evolve(case, fact, at)
        if facts_of(case, book) != before and not isinstance(fact, _WEIGHED):
            blind.add(type(fact).__name__)

    assert blind == set()


# ------------------------------------------------------------------------------------------ private words


@pytest.mark.parametrize("kind", get_args(e.Fact), ids=lambda kind: kind.__name__)
def test_words_and_numbers_of_a_person_are_marked_private(kind: type[Any]) -> None:
    """What is not marked lies open in the ledger for ever."""
    private = {field.name for field in fields(kind) if field.metadata.get("private")}
    wanted = {"text", "words", "reason", "address", "reach", "password_hash"}

    assert {field.name for field in fields(kind)} & wanted == private


def test_a_fact_without_its_words_says_the_rest() -> None:
    fact = e.MessageReceived(MessageId("m1"), ContactId("t1"), CarrierId("SM1"), 0, "I have pills")

    assert e.without_words(fact) == e.MessageReceived(fact.message, fact.contact, fact.carrier_id, 0, e.SEALED)
    registered = e.PersonRegistered(ANA, "Ana", (), (), "ana", (e.Reach(Method.SMS, "+1", 0),), "hash")
    assert e.without_words(registered) == e.PersonRegistered(ANA, "Ana", (), (), "ana", (), e.SEALED)
    closed = e.EscalationExhausted(EscalationId("x"))
    assert e.without_words(closed) is closed
