"""A recorded case judged again with another rulebook."""

from __future__ import annotations

from dataclasses import replace

from crisis_hub.domain import commands as c
from crisis_hub.domain.reading import Owe
from crisis_hub.domain.replay import compare
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import DutyKind
from tests.domain.full_night import a_full_night
from tests.domain.given import (
    ANA,
    LADDERS,
    RUI,
    SAM,
    Given,
    Is,
    claim,
    judged,
    paged,
    rule,
    rulebook,
    said,
    takes,
    text_comes,
    time_is_over,
)

WEAPON = rule("weapon", Is("danger.weapon", "yes"), Risk.HIGH, "clinical", Owe(DutyKind.CONSULT))
PLAN = rule("plan", Is("danger.plan", "yes"), Risk.MODERATE)


def a_case() -> Given:
    given = Given(rulebook(WEAPON, PLAN, ladders=LADDERS))
    given.when(text_comes(), claim(), said("danger.plan=yes"), said("danger.weapon=yes"))
    given.when(paged(given, ANA), time_is_over(given))
    given.when(paged(given, SAM))
    given.when(takes(given.page_of(SAM)), c.MeetDuty(RUI, "consult", "Talked to Sam."))
    return given


def test_the_rulebook_that_judged_a_case_says_the_same_of_it_again() -> None:
    for given in (a_case(), a_full_night()):
        assert compare(given.history, given.rulebook) is None


def test_what_another_rulebook_would_have_said_is_told_apart() -> None:
    given = a_case()
    other = replace(rulebook(rule("plan", Is("danger.plan", "yes"), Risk.IMMINENT), ladders=LADDERS))

    difference = compare(given.history, other)

    assert difference is not None
    assert [*difference.sentences()] == [
        "risk imminent, higher than high",
        "would page imminent at imminent",
        "would not page clinical at high",
        "would not fire weapon",
        "would not ask for consult",
    ]


def test_a_rule_that_is_gone_is_seen_in_the_case_where_it_fired_and_in_no_other() -> None:
    without = rulebook(PLAN, ladders=LADDERS)
    calm = Given(rulebook(WEAPON, PLAN, ladders=LADDERS))
    calm.when(text_comes(), claim(), said("danger.plan=yes"))

    assert compare(calm.history, without) is None
    found = compare(a_case().history, without)
    assert found is not None
    assert next(found.sentences()) == "risk moderate, lower than high"


def test_what_a_person_judged_and_began_by_hand_stays_as_it_was() -> None:
    given = Given(rulebook(ladders=LADDERS))
    given.when(text_comes(), claim(), judged(Risk.MODERATE), c.Escalate(RUI, "friends", "I want company"))
    given.when(judged(Risk.LOW, reason="It has passed."))

    assert compare(given.history, rulebook(WEAPON, ladders=LADDERS)) is None


def test_an_answer_that_came_in_the_middle_counts_from_there_on() -> None:
    given = a_case()
    given.when(said("danger.weapon=no"))

    assert compare(given.history, given.rulebook) is None
