"""Somebody else can tell of danger, never rule it out."""

from __future__ import annotations

from dataclasses import replace

from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.instrument import Instrument, Item, Level, Option
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import judge, score_of
from crisis_hub.domain.speaking import at_second_hand
from tests.domain.given import MOOD, RUI, Given, Is, both, claim, rulebook, text_comes

WHO = Instrument(
    "who",
    "1",
    "Who speaks",
    (
        Item(
            "speaks",
            {},
            "choice",
            options=tuple(Option(code, {}) for code in ("self", "other")),
            person="caller",
            order=(),
        ),
    ),
    (),
)
SCREEN = Instrument(
    "screen",
    "1",
    "A screen",
    (Item("q1", {}, "yes_no"),),
    (
        Level("positive", Risk.MODERATE, both(Is("q1", "yes")), {}),
        Level("negative", Risk.NONE, both(Is("q1", "no")), {}),
    ),
    clears=True,
)
ALARM = replace(SCREEN, id="alarm", levels=SCREEN.levels[:1])


def a_talk(*said: str) -> Given:
    given = Given(rulebook(instruments=(WHO, SCREEN, ALARM)))
    given.when(text_comes(), claim())
    return tell(given, *said)


def tell(given: Given, *said: str) -> Given:
    for one in said:
        place, _, answer = one.partition("=")
        instrument, _, item = place.partition(".")
        given.later(1).when(RecordAnswer(RUI, instrument, item, answer, ""))
    return given


def result(given: Given, instrument: str = "screen") -> tuple[str | None, Risk, bool]:
    score = score_of(given.case, instrument, given.rulebook)
    assert score is not None
    return score.band, score.risk, score.complete


def test_nobody_is_screened_negative_through_somebody_else() -> None:
    assert result(a_talk("screen.q1=no")) == ("negative", Risk.NONE, True)
    assert result(a_talk("who.speaks=self", "screen.q1=no")) == ("negative", Risk.NONE, True)
    assert result(a_talk("who.speaks=other", "screen.q1=no")) == (None, Risk.NOT_ASSESSED, False)
    assert result(a_talk("screen.q1=no", "who.speaks=other")) == (None, Risk.NOT_ASSESSED, False)


def test_no_risk_is_raised_to_none_by_what_somebody_else_says() -> None:
    assert a_talk("who.speaks=self", "screen.q1=no").case.risk is Risk.NONE
    assert a_talk("who.speaks=other", "screen.q1=no").case.risk is Risk.NOT_ASSESSED


def test_a_calm_at_first_hand_is_taken_back_when_it_turns_out_that_somebody_else_spoke() -> None:
    """The order in which the same things are told must not decide whether a person counts as safe."""
    assert a_talk("screen.q1=no", "who.speaks=other").case.risk is Risk.NOT_ASSESSED


def test_who_spoke_for_somebody_is_not_first_hand_again_because_they_will_not_say() -> None:
    for answer in ("unknown", "refused"):
        given = a_talk("who.speaks=other", f"who.speaks={answer}", "screen.q1=no")
        assert given.case.risk is Risk.NOT_ASSESSED


def test_what_somebody_else_says_alarms_like_any_answer() -> None:
    given = a_talk("who.speaks=other", "screen.q1=yes")

    assert (result(given)[1], given.case.risk) == (Risk.MODERATE, Risk.MODERATE)


def test_a_questionnaire_that_cannot_calm_is_complete_whoever_answers() -> None:
    assert result(a_talk("who.speaks=other", "alarm.q1=no"), "alarm") == (None, Risk.NOT_ASSESSED, True)


def test_what_was_answered_before_the_person_came_to_the_telephone_is_asked_anew() -> None:
    given = a_talk("who.speaks=other", "screen.q1=no", "who.speaks=self")
    assert result(given) == (None, Risk.NOT_ASSESSED, False)
    assert at_second_hand(given.case, given.rulebook.instrument) == {"screen"}

    tell(given, "screen.q1=no")
    assert result(given) == ("negative", Risk.NONE, True)


def test_the_same_answer_said_twice_by_the_same_person_is_still_once() -> None:
    given = a_talk("who.speaks=self", "screen.q1=no")
    before = len(given.history)

    tell(given, "screen.q1=no")
    assert len(given.history) == before


def test_nobody_knows_who_speaks_until_somebody_asked() -> None:
    assert at_second_hand(a_talk("screen.q1=no").case, {"who": WHO, "mood": MOOD}.get) == frozenset()


def test_two_cases_with_the_same_answers_are_judged_apart_when_somebody_else_gave_them() -> None:
    """What was judged once is remembered; who said it is part of it."""
    themself = a_talk("who.speaks=self", "screen.q1=no")
    another = tell(
        Given(themself.rulebook, so_far=a_talk().so_far), "who.speaks=other", "screen.q1=no", "who.speaks=self"
    )

    holding = [{j.reading.id for j in judge(given.case, themself.rulebook) if j.holds} for given in (themself, another)]
    assert holding == [{"screen#negative"}, set()]
