"""A case is what its facts add up to, and nothing else."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields
from typing import Any, get_args

import pytest

from crisis_hub.domain import events as e
from crisis_hub.domain.case import evolve, fold
from crisis_hub.domain.decision import WEIGHED
from crisis_hub.domain.rules import _judge, _seen, facts_of, judge
from crisis_hub.domain.truth import Value
from crisis_hub.domain.vocabulary import (
    CarrierId,
    ContactId,
    EscalationId,
    MessageId,
    Method,
)
from tests.domain.full_night import a_full_night
from tests.domain.given import (
    ANA,
    NOON,
    RUI,
    at_risk,
    rulebook,
)


def test_nearly_every_fact_happens_in_one_night() -> None:
    """So that the tests below say something."""
    seen = {type(fact) for fact, _ in a_full_night().history}

    assert set(get_args(e.CaseFact)) - seen == set()


def test_a_case_folded_at_once_or_in_parts_is_the_same_case() -> None:
    given = a_full_night()

    assert fold(given.history) == given.case
    for cut in range(1, len(given.history), 7):
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
        if facts_of(case, book) != before and not isinstance(fact, WEIGHED):
            blind.add(type(fact).__name__)

    assert blind == set()


def test_cases_that_judging_takes_for_alike_look_alike_to_every_condition() -> None:
    """What was judged once is remembered; were anything left out of what it goes by, a rule would miss its moment."""
    given, book = a_full_night(), a_full_night().rulebook
    looks: dict[Hashable, dict[str, Value]] = {}
    case = None
    for fact, at in given.history:
        case = evolve(case, fact, at)
        assert looks.setdefault(_seen(case, book), facts_of(case, book)) == facts_of(case, book)
        assert judge(case, book) == [*_judge(case, book)]
    assert len(looks) > 5


# ------------------------------------------------------------------------------------------ private words


@pytest.mark.parametrize("kind", get_args(e.Fact), ids=lambda kind: kind.__name__)
def test_words_and_numbers_of_a_person_are_marked_private(kind: type[Any]) -> None:
    """What is not marked lies open in the ledger for ever."""
    private = {field.name for field in fields(kind) if field.metadata.get("private")}
    wanted = {"text", "words", "reason", "address", "reach", "password_hash"}
    wanted |= {"rated_by", "rated_on", "document", "value"}
    if kind in get_args(e.RotaFact) or kind is e.LeaveTaken:
        wanted |= {"why", "note"}  # why a colleague is away, or somebody else comes, is nobody's business but theirs

    assert {field.name for field in fields(kind)} & wanted == private


def test_a_fact_without_its_words_says_the_rest() -> None:
    fact = e.MessageReceived(MessageId("m1"), ContactId("t1"), CarrierId("SM1"), 0, "I have pills")

    assert e.without_words(fact) == e.MessageReceived(fact.message, fact.contact, fact.carrier_id, 0, e.SEALED)
    registered = e.PersonRegistered(ANA, "Ana", (), (), "ana", (e.Reach(Method.SMS, "+1", 0),), "hash")
    assert e.without_words(registered) == e.PersonRegistered(ANA, "Ana", (), (), "ana", (), e.SEALED)
    closed = e.EscalationExhausted(EscalationId("x"))
    assert e.without_words(closed) is closed
