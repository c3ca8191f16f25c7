"""What a change of the rules changes, and what would change a case: both with the smallest answers that show it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli.explain_changes import changes_in_words
from crisis_hub.cli.verify_diff import diff_rules
from crisis_hub.domain.proof.case_facts import made_up
from crisis_hub.domain.rules import Rulebook

Edit = Callable[[str, str, str], None]


def read(room: Path) -> RulesFolder:
    rules = RulesFolder(room)
    rules.load()
    return rules


def diff(shipped: RulesFolder, room: Path) -> tuple[int, list[str]]:
    said: list[str] = []
    return diff_rules(shipped, read(room), said.append, said.append), said


def test_the_same_rules_do_not_differ(shipped: RulesFolder, room: Path) -> None:
    assert diff(shipped, room) == (0, ["The same."])


def test_a_level_that_reads_other_answers_is_counted_and_shown(shipped: RulesFolder, room: Path, edit: Edit) -> None:
    edit("instruments/asq.yaml", """when: {any: ['q5 == "yes"']}""", """when: {all: ['q5 == "yes"', 'q1 == "yes"']}""")
    code, said = diff(shipped, room)

    assert code == 1
    assert said[0].startswith("instrument asq: Answers mean another risk. In ")
    assert said[1] == "  smallest: asq.q5=yes"
    assert said[2].startswith("  before:   high, ")
    assert said[3] == "  after:    not assessed, no page"


def test_a_rule_that_is_changed_new_or_gone_is_listed(shipped: RulesFolder, room: Path, edit: Edit) -> None:
    edit("escalation/overdose.yaml", "id: withdrawal-possible", "id: withdrawal-renamed")
    edit(
        "escalation/overdose.yaml",
        "- 'ch_overdose_withdrawal.o7 == \"yes\"'",
        "- 'ch_overdose_withdrawal.o7 == \"no\"'",
    )
    code, said = diff(shipped, room)

    heads = [line for line in said if line.startswith("rule ")]
    assert code == 1
    assert [head.partition(". In ")[0] for head in heads] == [
        "rule withdrawal-possible: The rule is gone",
        "rule withdrawal-renamed: The rule is new",
        "rule withdrawal-with-signs: The rule is changed",
    ]
    place = said.index(heads[2])
    assert said[place + 1].startswith("  smallest: ch_overdose_withdrawal.o6=yes ch_overdose_withdrawal.o7=")


def test_other_actions_are_a_difference_wherever_the_rule_holds(shipped: RulesFolder, room: Path, edit: Edit) -> None:
    edit("escalation/overdose.yaml", "{raise_risk: moderate}, {follow_up: 24}", "{raise_risk: high}, {follow_up: 24}")
    _, said = diff(shipped, room)

    assert said[0].startswith("rule withdrawal-possible: The rule is changed.")
    assert said[1] == "  smallest: ch_overdose_withdrawal.o6=yes"
    assert said[2] == "  before:   moderate, owed follow up within 24 h"
    assert said[3].startswith("  after:    high, ")


def test_a_changed_ladder_and_a_changed_question_are_told(shipped: RulesFolder, room: Path, edit: Edit) -> None:
    edit("ladders/clinical.yaml", "wait_seconds: 120", "wait_seconds: 90")
    edit("instruments/asq.yaml", "most: 130", "most: 99")
    _, said = diff(shipped, room)

    assert "ladder clinical: The ladder is changed." in said
    assert any(
        line.startswith("instrument asq: What can be answered or counted is not the same (age)") for line in said
    )


def test_json_has_the_smallest_case(shipped: RulesFolder, room: Path, edit: Edit) -> None:
    edit("escalation/overdose.yaml", "{raise_risk: moderate}, {follow_up: 24}", "{raise_risk: high}, {follow_up: 24}")
    said: list[str] = []
    diff_rules(shipped, read(room), said.append, said.append, as_json=True)

    assert [one["example"] for one in json.loads(said[0])] == ["ch_overdose_withdrawal.o6=yes"]


# ------------------------------------------------------------------------------------------------ what would change it


def test_explaining_names_the_answer_that_would_change_most(book: Rulebook) -> None:
    case = made_up({"asq": {"q1": "yes", "q5": "no"}}, {}, over=False)
    said = list(changes_in_words(case, book))

    assert said[0].startswith("What would change it")
    assert said[1].strip().startswith("asq.q5 = yes instead of no: risk high")
    assert "page clinical" in said[1]
    assert any("asq.q1 = no instead of yes: risk not assessed" in line for line in said)
    assert said[-1].strip().startswith("and ")


def test_nothing_changes_a_case_that_nobody_has_rules_for() -> None:
    case = made_up({}, {"case.risk": "imminent"}, over=False)

    said = list(changes_in_words(case, Rulebook("empty")))
    assert said == ["What would change it: no single answer."]
