"""Who is answered next."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

from crisis_hub.domain.case import Case
from crisis_hub.domain.queue import by_need, waiting
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import CaseId, CaseState, Channel, ContactRef
from tests.domain.given import NOON


def case(name: str, risk: Risk, minutes: int, state: CaseState = CaseState.WAITING) -> Case:
    """A case that has waited this long."""
    since = NOON - timedelta(minutes=minutes)
    waits = since if state is CaseState.WAITING else None
    return Case(
        CaseId(name), name, Channel.TEXT, "en", ContactRef(name), False, since, state, waiting_since=waits, risk=risk
    )


def test_need_comes_first_then_who_has_waited_longest() -> None:
    cases = [
        case("imminent", Risk.IMMINENT, 1),
        case("high, long", Risk.HIGH, 9),
        case("high", Risk.HIGH, 2),
        case("moderate", Risk.MODERATE, 50),
        case("not asked, long", Risk.NOT_ASSESSED, 40),
        case("not asked", Risk.NOT_ASSESSED, 3),
        case("low", Risk.LOW, 90),
        case("none", Risk.NONE, 99),
    ]

    for order in (cases, cases[::-1], cases[3:] + cases[:3]):
        assert waiting(order) == cases


def test_only_who_waits_is_in_the_queue() -> None:
    cases = [case(state.value, Risk.HIGH, 1, state) for state in CaseState]

    assert [one.number for one in waiting(cases)] == ["waiting"]


def test_the_board_shows_need_first_and_of_equals_the_one_that_nobody_has() -> None:
    ranked = [
        case("imminent, claimed", Risk.IMMINENT, 1, CaseState.ACTIVE),
        case("high, waiting", Risk.HIGH, 1),
        case("high, claimed, older", Risk.HIGH, 9, CaseState.ACTIVE),
        case("high, claimed", Risk.HIGH, 5, CaseState.ACTIVE),
        case("not asked", Risk.NOT_ASSESSED, 1),
        case("low", Risk.LOW, 60),
    ]

    for order in permutations(ranked, 6):
        assert by_need(order) == ranked
