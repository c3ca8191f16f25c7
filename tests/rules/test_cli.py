"""The commands that clinicians and scripts use: what they print, and with which code they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli import rules, score
from crisis_hub.domain.rules import Rulebook
from tests.rules.conftest import RULES

Edit = Callable[[str, str, str], None]

app = typer.Typer()
app.add_typer(rules.app, name="rules")
app.command("score")(score.score)


@pytest.fixture(autouse=True)
def _shipped_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_HUB_RULES_DIR", str(RULES))


def run(*args: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, list(args), input=stdin)


def test_check_says_what_is_in_force(book: Rulebook) -> None:
    result = run("rules", "check")

    assert result.exit_code == 0
    assert f": {len(book.rules)} rules, {len(book.instruments)} instruments, 1 scripts, 3 ladders," in result.stdout
    assert "Clinician sign-off: none." in result.stdout
    assert result.stderr == ""


def test_check_points_at_file_line_and_field(room: Path, edit: Edit) -> None:
    edit("escalation/suicide.yaml", "raise_risk: high", "raise_risk: hihg")
    result = run("rules", "check", str(room))

    assert result.exit_code == 1
    assert result.stderr == (
        f"{room}/escalation/suicide.yaml:7: rules.asq-acute.then.1.raise_risk: “hihg” cannot stand here; "
        "it can be low, moderate, high, imminent. Did you mean “high”? Nothing of this file is in force.\n"
    )


@pytest.mark.parametrize("command", ["check", "test", "verify"])
def test_a_folder_that_is_not_there_never_passes_as_rules_without_a_mistake(command: str, tmp_path: Path) -> None:
    result = run("rules", command, str(tmp_path / "nowhere"))

    assert result.exit_code == 2
    assert result.stderr == f"There is no folder {tmp_path}/nowhere. Name one that is there.\n"


def test_test_judges_every_example(shipped: RulesFolder) -> None:
    result = run("rules", "test")

    assert result.exit_code == 0
    count = sum(len(rule.fires) + len(rule.stays_calm) for rule in shipped.rules)
    assert f"{len(shipped.rules)} rules, {count} examples: {count} as they should be.\n" in result.stdout


def test_test_says_which_example_fails_and_why(room: Path, edit: Edit) -> None:
    edit("escalation/suicide.yaml", 'q4: "no", q5: "yes"}', 'q4: "no", q5: "no"}')
    edit("escalation/overdose.yaml", '{o1: "no", o2: "no"}', '{o1: "no", o2: "yes"}')
    result = run("rules", "test", str(room))

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{room}/escalation/overdose.yaml:20: rules.overdose-now.examples.stays_calm.1: "
        "The rule must stay calm and fires.",
        f"{room}/escalation/suicide.yaml:12: rules.asq-acute.examples.fires.1: "
        'The rule must fire and does not: asq.band == "acute_positive" is not so.',
    ]


def test_explain_says_which_rules_why_and_what_is_missing() -> None:
    answers = {"asq": {"q1": "yes", "q5": "yes"}, "ch_right_now": {"plan": "yes"}}
    result = run("rules", "explain", "--answers", json.dumps(answers))

    assert result.exit_code == 0
    assert result.stdout.startswith("Risk: high\nPages: ladder “clinical” at high, because: Thoughts of killing")
    assert "HOLDS    asq-acute: Thoughts of killing oneself" in result.stdout
    assert "yes      asq.band == \"acute_positive\"   (saw asq.band = 'acute_positive')" in result.stdout
    assert "WAITS    plan-and-means: not known yet." in result.stdout
    assert 'unknown  ch_right_now.means in ["home", "reach"]   (no answer yet)' in result.stdout


def test_explain_follows_a_rule_that_looks_at_the_risk_of_another() -> None:
    answers = {"asq": {"q5": "yes"}, "case": {"texting_stopped": True}}
    result = run("rules", "explain", "--answers", json.dumps(answers))

    assert "Pages: ladder “supervisors” at high" in result.stdout


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("{", "--answers is not JSON"),
        ("[]", "--answers: Here must stand instruments"),
        ('{"asq": {"q9": "yes"}}', "--answers: asq.q9: asq has no item “q9”"),
        ('{"asq": {"q1": "maybe"}}', "--answers: asq.q1: q1 can be answered with"),
    ],
)
def test_explain_refuses_what_are_no_answers(answers: str, said: str) -> None:
    result = run("rules", "explain", "--answers", answers)

    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert len(result.stderr.splitlines()) == 1


# ------------------------------------------------------------------------------------------------ score


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, (False, None, "not_assessed", "q1")),
        ({"q1": "yes"}, (False, None, "moderate", "q2")),
        ({"q1": "no", "q2": "no", "q3": "no", "q4": "no"}, (True, "negative", "none", None)),
        ({"q1": True, "q2": 0, "q3": "LA32-8", "q4": "No", "q5": 1}, (True, "acute_positive", "high", None)),
        ({"q1": "yes", "q2": None, "age": 44, "sex": "f"}, (False, None, "moderate", "q2")),
    ],
)
def test_score_gives_one_object(answers: dict[str, object], expected: tuple[object, ...]) -> None:
    result = run("score", "--instrument", "asq", "--answers", json.dumps(answers))

    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert list(said) == ["instrument", "version", "complete", "total", "band", "risk", "flags", "next"]
    assert (said["complete"], said["band"], said["risk"], said["next"]) == expected


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--instrument", "asq"),
        ("--answers", "{}"),
        ("--jsonl", "--instrument", "asq", "--answers", "{}"),
        ("--instrument", "nosuch", "--answers", "{}"),
        ("--instrument", "asq", "--answers", "{"),
        ("--instrument", "asq", "--answers", "[]"),
        ("--instrument", "asq", "--answers", '{"q1": "maybe"}'),
        ("--instrument", "asq", "--answers", '{"q1": {}}'),
        ("--instrument", "asq", "--answers", '{"age": NaN}'),
        ("--instrument", "asq", "--answers", '{"age": "inf"}'),
        ("--instrument", "asq", "--answers", '{"age": -1}'),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(args: tuple[str, ...]) -> None:
    result = run("score", *args)

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_jsonl_answers_every_line_and_tells_of_bad_ones() -> None:
    lines = [
        b'{"id": 1, "instrument": "asq", "answers": {"q5": "yes"}}',
        b"",
        b"nope",
        b'{"id": "b", "instrument": "asq", "answers": {"q1": "maybe"}}',
        b'{"id": [3], "instrument": "asqq", "answers": {}}',
        b'{"id": 4, "instrument": "asq"}',
        b"[1]",
        b'{"id": "\xff"}',
        b'{"id": "\\ud800", "instrument": ["asq"], "answers": {}}',
        b"[" * 100_000,
        b'{"id": 9, "instrument": "ch_overdose_withdrawal", "answers": {"o1": "yes"}}',
    ]
    result = run("score", "--jsonl", stdin=b"\n".join(lines))
    said = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 1
    assert len(said) == len(lines) - 1
    assert [line["id"] for line in said] == [1, None, "b", [3], 4, None, None, "\ud800", None, 9]
    assert [("error" in line) for line in said] == [False, *[True] * 8, False]
    assert (said[0]["band"], said[-1]["risk"]) == ("acute_positive", "imminent")
    assert said[2]["error"].startswith("line 4: q1 can be answered with")


def test_jsonl_without_a_bad_line_ends_with_0() -> None:
    result = run("score", "--jsonl", stdin=b'{"id": 1, "instrument": "asq", "answers": {}}\n')

    assert result.exit_code == 0


def test_whoever_scores_from_outside_is_told_what_holds_when_nobody_can_be_asked_any_more() -> None:
    """An act of which nobody said when it was is read as recent; while a talk goes on it could still be asked."""
    answers = {"q1": False, "q2": "LA32-8", "93267-3": "yes"}
    result = run("score", "--instrument", "cssrs_screener_recent", "--answers", json.dumps(answers))
    said = json.loads(result.stdout)

    assert (said["risk"], said["band"], said["complete"], said["next"]) == ("high", "high", False, "q6_recent")


def test_the_same_item_answered_twice_under_two_names_is_refused() -> None:
    answers = {"q1": "yes", "h1": "no"}
    result = run("score", "--instrument", "hark", "--answers", json.dumps(answers))

    assert (result.exit_code, result.stderr) == (
        2,
        "crisis-hub score: h1 is answered twice, with yes and no. Leave one out.\n",
    )


def test_a_tool_that_is_used_elsewhere_cannot_be_scored_here() -> None:
    result = run("score", "--instrument", "locus", "--answers", "{}")

    assert result.exit_code == 2
    assert "nothing is asked or scored here" in result.stderr
