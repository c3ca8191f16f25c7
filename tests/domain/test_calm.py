"""What calms is carried by answers that stand, or by a person who said so; by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisis_hub.domain import commands as c
from crisis_hub.domain import events as e
from crisis_hub.domain.instrument import Instrument, Level, score
from crisis_hub.domain.queue import Waits, rank
from crisis_hub.domain.reading import Owe
from crisis_hub.domain.risk import Risk, need
from crisis_hub.domain.truth import Truth
from crisis_hub.domain.vocabulary import ContactId, DutyKind
from tests.domain.given import (
    ANA,
    LADDERS,
    MOOD,
    NOON,
    RUI,
    Given,
    Is,
    Says,
    both,
    call_comes,
    call_ends,
    claim,
    judged,
    only,
    paged,
    rule,
    rulebook,
    said,
    takes,
    text_comes,
    yes_no,
)

SHUT = Instrument("door", "1", "A door", (yes_no("shut"),), (Level("fine", Risk.NONE, both(Is("shut", "yes")), {}),))
"""Something that is asked, and that says nothing about anybody's life."""


def talk(*answers: str) -> Given:
    given = Given(rulebook(instruments=(SHUT,)))
    given.when(text_comes(), claim())
    for answer in answers:
        given.when(said(answer))
    return given


# ------------------------------------------------------------------------------------------ taken back


@pytest.mark.parametrize("answer", ["unknown", "refused"])
def test_an_answer_that_is_taken_back_takes_its_calm_with_it(answer: str) -> None:
    """An unknown that reads as the old "no" would be an unknown read as no."""
    given = talk("mood.sad=no", "mood.tired=no")
    seen = [given.case.risk]

    facts = given.when(said(f"mood.tired={answer}"))
    seen.append(given.case.risk)
    given.when(said("mood.tired=no"))
    seen.append(given.case.risk)

    assert only(facts, e.RiskUnsettled)
    assert seen == [Risk.NONE, Risk.NOT_ASSESSED, Risk.NONE]


def test_what_a_person_judged_stays_whatever_is_answered() -> None:
    given = talk("mood.sad=no", "mood.tired=no")
    given.when(judged(Risk.LOW), said("mood.tired=unknown"))

    assert given.case.risk is Risk.LOW


def test_only_a_screen_that_clears_finds_no_risk_in_a_case() -> None:
    assert talk("door.shut=yes").case.risk is Risk.NOT_ASSESSED


def test_nothing_calms_while_a_worse_level_cannot_be_judged() -> None:
    broken = replace(MOOD, levels=(Level("worst", Risk.HIGH, both(Says(Truth.BROKEN)), {}), *MOOD.levels))

    assert score(MOOD, {"sad": "no", "tired": "no"}).risk is Risk.NONE
    assert score(broken, {"sad": "no", "tired": "no"}).risk is Risk.NOT_ASSESSED


# ------------------------------------------------------------------------------------------ the queue


def test_no_answer_moves_anybody_back_in_the_queue() -> None:
    given = talk()
    before = rank(given.case, Waits())
    for answer in ("door.shut=yes", "mood.sad=no", "mood.tired=no"):
        given.when(said(answer))
        after = rank(given.case, Waits())
        assert need(after.like) <= need(before.like)
        assert after.overdue_at <= before.overdue_at


def test_a_person_may_say_that_somebody_can_wait() -> None:
    given = talk()
    given.when(judged(Risk.LOW))

    assert rank(given.case, Waits()).like is Risk.LOW


# ------------------------------------------------------------------------------------------ who left


def on_the_telephone(*commands: c.Command) -> Given:
    left = rule("left", Is("case.ended_abruptly", value=True), Risk.HIGH, "clinical")
    given = Given(rulebook(left, ladders=LADDERS))
    given.when(call_comes(), claim(), *commands)
    return given


def test_who_hangs_up_before_anybody_came_to_the_telephone_left_before_we_did() -> None:
    given = on_the_telephone(c.JoinRoom(RUI), call_ends())

    assert given.case.ended_abruptly
    assert given.case.risk is Risk.HIGH


def test_who_hangs_up_after_we_left_did_not() -> None:
    room = ContactId("v-CA1")
    joined, left = (c.NoteRoom(room, RUI, here=here, why="") for here in (True, False))
    given = on_the_telephone(c.JoinRoom(RUI), joined, left, call_ends())

    assert not given.case.ended_abruptly


def test_a_second_time_pages_again_although_somebody_took_it_the_first_time() -> None:
    given = on_the_telephone(call_ends())
    given.when(paged(given, ANA))
    given.when(takes(given.page_of(ANA)))
    given.later(60)
    given.when(call_comes("CA2"))
    given.later(60)
    facts = given.when(call_ends("CA2"))

    assert [fact.ladder for fact in only(facts, e.EscalationStarted)] == ["clinical"]


# ------------------------------------------------------------------------------------------ rules that change


def test_a_rule_made_stricter_counts_in_the_cases_in_which_it_fired_before() -> None:
    mild = rule("weapon", Is("danger.weapon", "yes"), Risk.LOW)
    strict = replace(rule("weapon", Is("danger.weapon", "yes"), Risk.HIGH, "clinical"), version="2")
    given = Given(rulebook(mild, ladders=LADDERS))
    given.when(text_comes(), claim(), said("danger.weapon=yes"))
    given.rulebook = rulebook(strict, ladders=LADDERS)

    facts = given.when(said("danger.plan=no"))

    assert given.case.risk is Risk.HIGH
    assert only(facts, e.EscalationStarted)


def test_an_earlier_hour_is_owed_beside_a_later_one() -> None:
    later = rule("later", Is("danger.weapon", "yes"), Owe(DutyKind.FOLLOW_UP, "", 72))
    sooner = rule("sooner", Is("danger.plan", "yes"), Owe(DutyKind.FOLLOW_UP, "", 24))
    given = Given(rulebook(later, sooner))
    given.when(text_comes(), claim(), said("danger.weapon=yes"), said("danger.plan=yes"))
    hours = [(duty.due_at - NOON).total_seconds() / 3600 for duty in given.case.duties if duty.due_at]
    assert hours == [72, 24]

    given = Given(rulebook(later, sooner))
    given.when(text_comes(), claim(), said("danger.plan=yes"), said("danger.weapon=yes"))
    assert len(given.case.duties) == 1
