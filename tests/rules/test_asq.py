"""The ASQ against an independent table: every pattern, every refusal, every gap."""

from __future__ import annotations

from itertools import product

import pytest

from crisis_hub.domain.instrument import score
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook

FIRST = ("q1", "q2", "q3", "q4")
PATTERNS = [
    ({**dict(zip(FIRST, first, strict=True)), **({"q5": fifth} if fifth else {})}, fifth)
    for first in product(("yes", "no"), repeat=4)
    for fifth in (("yes", "no") if "yes" in first else ("",))
]
"""The 31 ways in which a whole ASQ can be answered with yes and no: one negative, 15 positive ones times two."""

WITH_GAPS = list(product(("yes", "no", "refused", "unknown", None), repeat=4))

PUBLISHED = {
    "": ("negative", Risk.NONE),
    "no": ("non_acute_positive", Risk.MODERATE),
    "yes": ("acute_positive", Risk.HIGH),
}
"""The published table by question 5 alone, once it is known whether it was asked."""


def test_there_are_31_patterns() -> None:
    assert len(PATTERNS) == 31


@pytest.mark.parametrize(("answers", "fifth"), PATTERNS)
def test_every_pattern_gives_the_published_result(book: Rulebook, answers: dict[str, str], fifth: str) -> None:
    result = score(book.instruments["asq"], answers)

    assert (result.band, result.risk) == PUBLISHED[fifth]
    assert result.complete
    assert result.next is None


def test_with_gaps_it_is_never_negative_and_question_5_comes_up(book: Rulebook) -> None:
    for first in WITH_GAPS:
        answers = {item: answer for item, answer in zip(FIRST, first, strict=True) if answer}
        result = score(book.instruments["asq"], answers)

        assert (result.band == "negative") == (first == ("no",) * 4), first
        assert (result.risk is Risk.MODERATE) == ("yes" in first), first
        unasked = [item for item in FIRST if item not in answers]
        fifth = ["q5"] if {"yes", "refused"} & set(first) else []
        assert result.next == next(iter([*unasked, *fifth]), None), first


def test_yes_to_question_5_is_acute_whatever_else_was_said(book: Rulebook) -> None:
    for first in WITH_GAPS:
        answers = {item: answer for item, answer in zip(FIRST, first, strict=True) if answer}
        result = score(book.instruments["asq"], {**answers, "q5": "yes"})

        assert (result.band, result.risk) == ("acute_positive", Risk.HIGH), first


@pytest.mark.parametrize(
    ("age", "band"),
    [
        ("17", "non_acute_positive"),  # under 18 a refusal counts as a positive
        ("18", None),  # for an adult it is neither positive nor negative
        (None, None),  # nobody knows the age, so nothing is claimed
        ("unknown", None),
    ],
)
def test_a_refusal_counts_by_age(book: Rulebook, age: str | None, band: str | None) -> None:
    answers = {"q1": "no", "q2": "refused", "q3": "no", "q4": "no", "q5": "no"}
    result = score(book.instruments["asq"], {**answers, **({"age": age} if age else {})})

    assert result.band == band
    assert result.flags == ("refused_or_unknown",)
