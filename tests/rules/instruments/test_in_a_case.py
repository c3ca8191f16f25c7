"""What instruments do in a case: flags raise the risk, codes are understood, bands of symptoms raise nothing."""

from __future__ import annotations

from crisis_hub.domain import events as e
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook, facts_of, judge
from tests.domain.given import Given, said, text_comes


def talk(book: Rulebook, *answers: str) -> Given:
    """Return a case in which these answers were written down."""
    given = Given(rulebook=book)
    given.when(text_comes(), *(said(answer, "so") for answer in answers))
    return given


def test_codes_of_items_and_answers_are_written_down_as_what_they_mean(book: Rulebook) -> None:
    given = talk(book, "phq9.44260-8=LA6569-3")

    assert [(fact.item, fact.answer) for fact in given.all(e.AnswerRecorded)] == [("q9", "1")]


def test_the_same_answer_in_other_words_is_written_down_once(book: Rulebook) -> None:
    given = talk(book, "phq9.q9=1", "phq9.q9=LA6569-3", "phq9.q9=Several days")

    assert len(given.all(e.AnswerRecorded)) == 1


def test_question_9_raises_the_risk_at_once_and_rules_can_see_it(book: Rulebook) -> None:
    given = talk(book, "phq9.q9=1")

    assert given.case.risk is Risk.LOW
    assert facts_of(given.case, book)["phq9.flags"] == ["suicide_item"]
    assert "phq9#suicide_item" in [j.reading.id for j in judge(given.case, book) if j.holds]


def test_a_severe_band_of_symptoms_says_nothing_about_danger(book: Rulebook) -> None:
    given = talk(book, *(f"phq9.q{n}=3" for n in range(1, 9)), "phq9.q9=0")

    assert facts_of(given.case, book)["phq9.band"] == "severe"
    assert "phq9.risk" not in facts_of(given.case, book)
    assert given.case.risk is Risk.NOT_ASSESSED
