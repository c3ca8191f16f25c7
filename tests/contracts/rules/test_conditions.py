"""Whatever makes conditions, the heart sees the same: a text, names, three values, and never an exception."""

from __future__ import annotations

import pytest

from crisis_hub.adapters.rules_folder.conditions import Declared, Kind, Vocabulary
from crisis_hub.domain.floor import SaidYes
from crisis_hub.domain.truth import Clause, Condition, Truth

NAME = "ch_overdose_withdrawal.o1"
_CEL = Vocabulary({NAME: Declared(Kind.TEXT, frozenset({"yes", "no", "refused"}))})


@pytest.fixture(params=["cel", "built in"])
def condition(request: pytest.FixtureRequest) -> Condition:
    return _CEL.compile(f'{NAME} == "yes"') if request.param == "cel" else SaidYes(NAME)


@pytest.mark.parametrize(
    ("facts", "truth"),
    [({NAME: "yes"}, Truth.YES), ({NAME: "no"}, Truth.NO), ({NAME: "refused"}, Truth.NO), ({}, Truth.UNKNOWN)],
)
def test_the_same_facts_are_judged_alike(condition: Condition, facts: dict[str, str], truth: Truth) -> None:
    judged = condition.judge(facts)

    assert judged.truth is truth
    assert dict(judged.saw) == facts


def test_it_tells_its_text_and_names(condition: Condition) -> None:
    assert condition.text == f'{NAME} == "yes"'
    assert condition.names == frozenset({NAME})


def test_it_stands_in_clauses(condition: Condition) -> None:
    assert Clause("not", (condition,)).judge({NAME: "no"}).truth is Truth.YES
    assert Clause("not", (condition,)).judge({}).truth is Truth.UNKNOWN
    assert Clause("any", (condition, condition)).names() == {NAME}
