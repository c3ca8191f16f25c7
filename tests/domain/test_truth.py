"""Yes, no, unknown and broken, put together."""

from __future__ import annotations

from itertools import product

import pytest

from crisis_hub.domain.truth import Clause, Condition, Truth
from tests.domain.given import Is, Says, Throws, both, either

YES, NO, UNKNOWN, BROKEN = Truth.YES, Truth.NO, Truth.UNKNOWN, Truth.BROKEN

TABLE = [  # all, any
    ((YES, YES), YES, YES),
    ((YES, NO), NO, YES),
    ((NO, NO), NO, NO),
    ((YES, UNKNOWN), UNKNOWN, YES),
    ((NO, UNKNOWN), NO, UNKNOWN),
    ((UNKNOWN, UNKNOWN), UNKNOWN, UNKNOWN),
    ((YES, BROKEN), BROKEN, YES),
    ((NO, BROKEN), NO, BROKEN),
    ((UNKNOWN, BROKEN), BROKEN, BROKEN),
    ((BROKEN, BROKEN), BROKEN, BROKEN),
]


@pytest.mark.parametrize(("truths", "all_of", "any_of"), TABLE)
def test_the_truth_tables(truths: tuple[Truth, Truth], all_of: Truth, any_of: Truth) -> None:
    for pair in (truths, truths[::-1]):
        parts = [Says(truth) for truth in pair]

        assert (both(*parts).judge({}).truth, either(*parts).judge({}).truth) == (all_of, any_of)


def test_every_pair_stands_in_the_table() -> None:
    told = {frozenset(truths) for truths, _, _ in TABLE}

    assert told == {frozenset(pair) for pair in product(Truth, repeat=2)}


@pytest.mark.parametrize(("truth", "turned"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN), (BROKEN, BROKEN)])
def test_not_turns_yes_and_no_and_leaves_the_rest(truth: Truth, turned: Truth) -> None:
    """The opposite of "nobody knows" is still "nobody knows"."""
    assert Clause("not", (Says(truth),)).judge({}).truth is turned


def test_an_answer_that_is_not_there_is_neither_yes_nor_no() -> None:
    missing = Is("mood.now", "yes")

    assert both(missing).judge({}).truth is UNKNOWN
    assert Clause("not", (missing,)).judge({}).truth is UNKNOWN


@pytest.mark.parametrize("truth", [YES, NO, UNKNOWN])
@pytest.mark.parametrize("how", ["all", "any"])
def test_a_broken_condition_is_told_whatever_the_others_say(how: str, truth: Truth) -> None:
    """A rule must not hide a fault behind a condition that happens to decide."""
    verdict = Clause(how, (Says(truth), Throws())).judge({})

    assert [(t.path, t.judged.error) for t in verdict.broken()] == [
        (f"when, {how}, 2 of 2", "ZeroDivisionError: division by zero")
    ]


def test_the_trace_names_every_condition_by_its_place() -> None:
    clause = both(Is("a", 1), either(Is("b", 2), Clause("not", (Is("c", 3),))))

    trace = clause.judge({"a": 1, "b": 0}).trace

    assert [(t.path, t.judged.truth, t.judged.saw) for t in trace] == [
        ("when, all, 1 of 2", YES, (("a", 1),)),
        ("when, all, 2 of 2, any, 1 of 2", NO, (("b", 0),)),
        ("when, all, 2 of 2, any, 2 of 2, not, 1 of 1", UNKNOWN, ()),
    ]
    assert [t.text for t in clause.judge({}).missing()] == ["a == 1", "b == 2", "c == 3"]


def test_a_clause_knows_its_conditions_and_their_names() -> None:
    parts: tuple[Condition, ...] = (Is("a", 1), Is("b", 2))
    clause = both(parts[0], either(parts[1]))

    assert clause.names() == {"a", "b"}
    assert tuple(clause.conditions()) == parts
