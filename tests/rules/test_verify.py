"""Each promise is broken once in a copy of the rules, and the proof must name the smallest answers that show it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typer
from typer.testing import CliRunner, Result

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli import rules, verify
from crisis_hub.domain.proof.report import Finding
from crisis_hub.domain.proof.verify import verify as prove
from crisis_hub.domain.rules import Rulebook
from tests.rules.conftest import RULES

Edit = Callable[[str, str, str], None]

WITHDRAWAL = """when: {all: ['ch_overdose_withdrawal.o6 == "yes"']}"""
THEN = "then: [{raise_risk: moderate}, {follow_up: 24}]"

SMALL = ("asq", "ch_right_now", "ch_overdose_withdrawal", "ch_violence_inquiry")


def small(room: Path) -> Rulebook:
    """The rules of a folder that look at four instruments only: every promise can be broken there, and it is quick."""
    book = RulesFolder(room).load()
    keep = {*SMALL, "case", "known"}
    return replace(
        book,
        instruments={id: instrument for id, instrument in book.instruments.items() if id in SMALL},
        rules=tuple(rule for rule in book.rules if {name.partition(".")[0] for name in rule.when.names()} <= keep),
    )


def found(room: Path, letter: str) -> list[Finding]:
    return against(small(room), letter)


def against(book: Rulebook, letter: str) -> list[Finding]:
    promises = {promise.letter: promise for promise in prove(book)}
    others = [p.letter for p in promises.values() if not p.holds and p.letter != letter]
    assert others == [] or letter in "ade"
    assert all(finding.confirmed for finding in promises[letter].findings)
    return promises[letter].findings


def test_the_shipped_rules_keep_every_promise(book: Rulebook) -> None:
    told = [f"({p.letter}) {f.rule}: {f.sentence} {f.example}" for p in prove(book) for f in p.findings]

    assert told == []


def test_a_worse_answer_that_lowers_the_risk_is_found(room: Path, edit: Edit) -> None:
    edit("instruments/asq.yaml", """when: {any: ['q5 == "yes"']}""", """when: {all: ['q5 == "yes"', 'q1 == "no"']}""")
    findings = found(room, "a")

    first = findings[0]
    assert first.example == "asq.q1=no asq.q5=yes"
    assert first.before.startswith("high, ")
    assert first.after.startswith("asq.q1=yes asq.q5=yes: moderate")
    assert first.sentence == "When asq.q1 gets worse and becomes yes, risk high is lost."


def test_a_worse_answer_that_takes_away_a_page_is_found(room: Path, edit: Edit) -> None:
    edit("escalation/overdose.yaml", WITHDRAWAL, WITHDRAWAL.replace("]}", ", 'ch_overdose_withdrawal.o4 == \"no\"']}"))
    edit("escalation/overdose.yaml", THEN, "then: [{page: supervisors}]")
    findings = found(room, "a")

    assert [(f.rule, f.example) for f in findings] == [
        ("withdrawal-possible", "ch_overdose_withdrawal.o6=yes ch_overdose_withdrawal.o4=no")
    ]
    assert findings[0].sentence.startswith(
        "When ch_overdose_withdrawal.o4 gets worse and becomes yes, page supervisors"
    )


def test_a_missing_answer_that_counts_for_less_is_found(room: Path, edit: Edit) -> None:
    edit("escalation/overdose.yaml", WITHDRAWAL, """when: {all: ['ch_overdose_withdrawal.o3 in ["yes", "no"]']}""")
    findings = found(room, "b")

    assert [f.rule for f in findings] == ["withdrawal-possible"]
    assert findings[0].example == "ch_overdose_withdrawal.o3=no"
    assert findings[0].before.startswith("moderate")
    assert findings[0].after == "no answer at all: not assessed, no page"


def test_a_rule_that_can_never_hold_is_found(room: Path, edit: Edit) -> None:
    edit("escalation/suicide.yaml", """- 'ch_right_now.means == "reach"'""", """- 'asq.q5 == "no"'""")
    findings = found(room, "c")

    assert [(f.rule, f.example) for f in findings] == [("asq-acute-means-within-reach", "")]
    assert "dead" in findings[0].sentence


def test_a_level_that_can_never_be_reached_is_found(room: Path, edit: Edit) -> None:
    edit("instruments/asq.yaml", """- 'q4 == "no"'""", """- 'q4 == "refused"'""")
    findings = found(room, "c")

    assert ("asq", "No answers reach the level “negative”; it is dead.") in [(f.rule, f.sentence) for f in findings]


AGAIN = """
rules:
  - id: acute-and-alone
    when: {all: ['asq.q5 == "yes"', 'ch_right_now.alone == "yes"']}
    then: [{raise_risk: high}, {page: clinical}]
    because: Made up for a test.
    source: None.
    examples:
      fires: [{asq: {q5: "yes"}, ch_right_now: {alone: "yes"}}]
      stays_calm: [{asq: {q5: "no"}}]
"""


def test_a_rule_that_only_repeats_others_is_found(room: Path) -> None:
    (room / "escalation/again.yaml").write_text(AGAIN, "utf-8")
    findings = found(room, "c")

    assert [(f.rule, f.example) for f in findings] == [("acute-and-alone", "asq.q5=yes ch_right_now.alone=yes")]
    assert "other rules already say all that it says" in findings[0].sentence
    assert "asq-acute" in findings[0].sentence


def test_a_ladder_that_ends_in_an_empty_rota_is_found(room: Path, edit: Edit) -> None:
    edit("ladders/clinical.yaml", "{page: {role: supervisor}", "{page: {rota: clinicians}")
    book = small(room)
    nobody = replace(book.rotas["clinicians"], layers=(), last_resort=())
    findings = against(replace(book, rotas={"clinicians": nobody}), "d")

    assert findings[0].sentence == "The ladder “clinical” ends in nobody: rota clinicians."
    assert findings[0].example == "ch_overdose_withdrawal.o6=yes ch_overdose_withdrawal.o7=yes"
    assert ("asq#high", "asq.q5=yes") in [(f.rule, f.example) for f in findings]


def test_a_file_that_makes_the_floor_deaf_is_found(room: Path) -> None:
    path = room / "instruments/ch_violence_inquiry.yaml"
    before, item, after = path.read_text("utf-8").replace('v10 == "yes"', 'v10 == "now"').partition("  - id: v10\n")
    after = after.replace('v10 == "no"', 'v10 == "later"')
    choice = (
        "kind: choice\n    order: none\n    options: [{code: now, labels: {en: N}}, {code: later, labels: {en: L}}]"
    )
    path.write_text(before + item + after.replace("kind: yes_no", choice, 1), "utf-8")
    book = small(room)
    assert book.instruments["ch_violence_inquiry"].items[-2].kind == "choice"

    first = against(replace(book, rules=()), "e")[0]
    assert (first.rule, first.example) == ("ch_violence_inquiry", "ch_violence_inquiry.v10=yes")
    assert (first.before, first.after) == ("imminent, no page", "not assessed, no page")


def test_an_order_that_matters_is_found(room: Path, edit: Edit) -> None:
    known = """when: {all: ['ch_overdose_withdrawal.o6 == "yes"', '!("ch_overdose_withdrawal.o4" in known)']}"""
    edit("escalation/overdose.yaml", WITHDRAWAL, known)
    edit("escalation/overdose.yaml", THEN, "then: [{page: supervisors}]")
    findings = found(room, "f")

    assert [(f.rule, f.example) for f in findings] == [("withdrawal-possible", "ch_overdose_withdrawal.o6=yes")]
    assert findings[0].before == "moderate, page supervisors"
    assert findings[0].after == "ch_overdose_withdrawal.o4=yes ch_overdose_withdrawal.o6=yes: moderate, no page"


# ------------------------------------------------------------------------------------------------ the command


app = typer.Typer()
app.add_typer(rules.app, name="rules")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def folder_of(room: Path) -> RulesFolder:
    folder = RulesFolder(room)
    folder.load()
    folder.rulebook = small(room)
    return folder


def test_the_command_prints_a_line_for_each_promise_and_says_how_much_was_walked() -> None:
    said: list[str] = []
    code = verify.verify_rules(folder_of(RULES), said.append, said.append)

    assert code == 0
    heads = [line for line in said if line.startswith("(")]
    assert [line[1] for line in heads] == list("abcdef")
    assert all(line.endswith("states walked.") and "proved: " in line for line in heads)
    assert sum(line.startswith("    How: ") for line in said) == 6


def test_the_command_points_at_file_and_line_and_prints_before_and_after(room: Path, edit: Edit) -> None:
    edit("instruments/asq.yaml", """when: {any: ['q5 == "yes"']}""", """when: {all: ['q5 == "yes"', 'q1 == "no"']}""")
    said: list[str] = []
    code = verify.verify_rules(folder_of(room), said.append, said.append)

    text = "\n".join(said)
    assert code == 1
    line = (room / "instruments/asq.yaml").read_text("utf-8").splitlines().index("  - band: acute_positive") + 1
    assert f"{room}/instruments/asq.yaml:{line}: asq#acute_positive, asq-acute: When asq.q1 gets worse" in text
    assert "  answers: asq.q1=no asq.q5=yes" in text
    assert "  after:   asq.q1=yes asq.q5=yes: moderate" in text


def test_the_command_speaks_json(room: Path) -> None:
    said: list[str] = []
    code = verify.verify_rules(folder_of(RULES), said.append, said.append, as_json=True)

    data = json.loads("\n".join(said))
    assert code == 0
    assert data["holds"] is True
    assert [promise["letter"] for promise in data["promises"]] == list("abcdef")


def test_a_refused_file_is_no_proof(room: Path) -> None:
    (room / "escalation/bad.yaml").write_text("rules: nonsense\n", "utf-8")
    said: list[str] = []
    warned: list[str] = []

    assert verify.verify_rules(folder_of(room), said.append, warned.append) == 1
    assert "escalation/bad.yaml" in warned[0]
