"""The order of risk, and how risks are put together."""

from __future__ import annotations

from itertools import combinations, permutations, product

import pytest

from crisis_hub.domain.risk import Risk, at_least, is_worse, need, worst

IN_ORDER = (Risk.NOT_ASSESSED, Risk.NONE, Risk.LOW, Risk.MODERATE, Risk.HIGH, Risk.IMMINENT)


def test_the_levels_stand_from_best_to_worst() -> None:
    for better, worse in combinations(IN_ORDER, 2):
        assert is_worse(worse, better)
        assert not is_worse(better, worse)
    assert not any(is_worse(risk, risk) for risk in Risk)


def test_the_words_for_the_levels_never_change() -> None:
    """They stand in every ledger and in every rule; a word that changed would no longer be understood."""
    assert [str(risk) for risk in IN_ORDER] == ["not_assessed", "none", "low", "moderate", "high", "imminent"]


@pytest.mark.parametrize("floor", Risk)
def test_not_assessed_reaches_no_floor_at_all(floor: Risk) -> None:
    """Whoever was not asked may be in any danger: it is never "at least low", nor safely below anything."""
    assert not at_least(Risk.NOT_ASSESSED, floor)


def test_at_least_follows_the_order() -> None:
    assessed = IN_ORDER[1:]
    for risk, floor in product(assessed, assessed):
        assert at_least(risk, floor) == (assessed.index(risk) >= assessed.index(floor))


def test_the_worst_of_several_counts_in_whatever_order_they_come() -> None:
    for several in permutations(IN_ORDER, 3):
        assert worst(several) is max(several, key=IN_ORDER.index)
    assert worst([]) is Risk.NOT_ASSESSED


def test_who_was_not_asked_is_answered_before_who_is_known_to_be_at_low_risk() -> None:
    """ "Not assessed" must never be taken for "low" in the queue."""
    by_need = sorted(Risk, key=need)

    assert by_need == [Risk.IMMINENT, Risk.HIGH, Risk.MODERATE, Risk.NOT_ASSESSED, Risk.LOW, Risk.NONE]
