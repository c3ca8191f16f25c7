"""The shipped questions, answered in any order and with any holes."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from crisis_hub.domain import events as e
from crisis_hub.domain.case import Case, fold
from crisis_hub.domain.commands import RecordAnswer
from crisis_hub.domain.decision import decide_on
from crisis_hub.domain.escalation import EVERYONE
from crisis_hub.domain.instrument import Item
from crisis_hub.domain.risk import Risk, is_worse
from crisis_hub.domain.vocabulary import CaseId, Channel, ContactRef, PersonId
from tests.night import shipped

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
BOOK = shipped()
ITEMS = [(i.id, item) for i in BOOK.instruments.values() for item in i.items]


def answers_to(item: Item) -> list[str]:
    if item.kind == "number":
        return ["12", "40", "unknown", "refused"]
    return [*([option.code for option in item.options] or ["yes", "no"]), "unknown", "refused"]


ANSWERS = [(instrument, item.id, answer) for instrument, item in ITEMS for answer in answers_to(item)]
GIVEN = st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=8, unique_by=lambda one: one[:2])


def after(given: list[tuple[str, str, str]]) -> Case:
    """Return a case with these answers, given in this order."""
    case = fold([(e.CaseOpened(CaseId("c1"), "1001", Channel.TEXT, "en", ContactRef("r"), False), NOW)])
    assert case is not None
    for instrument, item, answer in given:
        command = RecordAnswer(PersonId("rui"), instrument, item, answer, "That is how I see it.")
        facts = decide_on(case, command, BOOK, NOW)
        case = fold(((fact, NOW) for fact in facts), case)
        assert case is not None
    return case


@settings(max_examples=30, deadline=None)
@for_all(GIVEN.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_the_risk_does_not_depend_on_the_order(orders: tuple[list[tuple[str, str, str]], ...]) -> None:
    one, other = (after(order) for order in orders)

    assert one.risk is other.risk


@settings(max_examples=30, deadline=None)
@for_all(GIVEN, st.sampled_from(ITEMS))
def test_not_knowing_an_answer_never_lowers(given: list[tuple[str, str, str]], item: tuple[str, Item]) -> None:
    before = after(given)
    then = after([*given, (item[0], item[1].id, "unknown")])

    assert not is_worse(before.risk, then.risk)


@settings(max_examples=30, deadline=None)
@for_all(GIVEN)
def test_nobody_at_high_or_imminent_risk_is_left_without_a_person(given: list[tuple[str, str, str]]) -> None:
    case = after(given)
    ladders = {x.ladder for x in case.escalations}

    if case.risk is Risk.IMMINENT:
        assert ladders & {"imminent", EVERYONE.name}
    if case.risk is Risk.HIGH:
        assert ladders & {"clinical", "imminent", EVERYONE.name}
    assert case.broken == frozenset()
