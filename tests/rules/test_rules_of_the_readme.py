"""What `rules/README.md` tells a clinician to do works as it stands there, word for word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.rules_folder.facts import case_facts
from crisis_hub.cli import rules
from crisis_hub.cli.rules import try_examples
from crisis_hub.domain.rules import Rulebook
from tests.rules.conftest import RULES

README = (RULES / "README.md").read_text("utf-8")
WORKED = README.partition("## How to change a rule, from idea to sign-off")[2].partition("\n## ")[0]
FILES = ("rotas/youth.yaml", "ladders/youth.yaml", "escalation/youth.yaml")


@pytest.fixture
def changed(room: Path) -> Path:
    """A copy of the rules with the three files of the worked change, as the page shows them."""
    shown = re.findall(r"```yaml\n(.*?)```", WORKED, re.DOTALL)
    assert len(shown) == len(FILES)
    for file, text in zip(FILES, shown, strict=True):
        assert f"`{file}`" in WORKED
        (room / file).write_text(text, "utf-8")
    return room


def test_the_worked_change_loads_and_its_examples_hold(changed: Path) -> None:
    folder = RulesFolder(changed)
    before = {rule.id for rule in RulesFolder(RULES).load().rules}
    book = folder.load()

    assert folder.problems == ()
    assert {rule.id for rule in book.rules} - before == {"youth-refuses-right-now"}
    assert [outcome.why for outcome in try_examples(folder) if outcome.why] == []


def test_explain_says_what_the_page_says_that_it_says(changed: Path) -> None:
    block = next(text for text in re.findall(r"```text\n(.*?)```", WORKED, re.DOTALL) if "explain" in text)
    command, _, shown = block.partition("\n\n")
    answers = command.partition("--answers ")[2].strip("'\n")
    assert json.loads(answers)

    said = CliRunner().invoke(rules.app, ["explain", "--rules", str(changed), "--answers", answers]).stdout

    for line in shown.splitlines():
        assert line == "…" or line in said.splitlines(), line


def test_the_mistake_that_the_page_shows_is_told_in_those_words(changed: Path) -> None:
    block = next(text for text in re.findall(r"```text\n(.*?)```", WORKED, re.DOTALL) if "agee" in text)
    file = changed / "escalation/youth.yaml"
    file.write_text(file.read_text("utf-8").replace("asq.age", "asq.agee"), "utf-8")
    folder = RulesFolder(changed)
    folder.load()

    assert f"{block.strip()}" in [problem.sentence("rules/") for problem in folder.problems]


def test_every_action_and_every_fact_of_the_case_stands_on_the_page(book: Rulebook) -> None:
    schema = json.loads((RULES / "schemas/escalation.json").read_text("utf-8"))
    actions = schema["properties"]["rules"]["items"]["properties"]["then"]["items"]["properties"]

    for action, shape in actions.items():
        assert f"`{action}: " in README, action
        for word in shape.get("enum", []):
            assert re.search(rf"\b{word}\b", README), word
    for fact in case_facts(book.instruments.values()).facts:
        if fact.startswith("case."):
            assert f"`{fact}" in README, fact


def test_every_folder_stands_on_the_page() -> None:
    for path in RULES.iterdir():
        if path.is_dir():
            assert f"| `{path.name}/` |" in README, path.name


def test_every_line_that_the_page_offers_can_be_read(room: Path) -> None:
    """The left column of the table of lines, each tried as the only line of a rule."""
    table = README.partition("### What a line can look at")[2].partition("\n\n")[2].partition("\n\n")[0]
    lines = [line for row in table.splitlines()[2:] for line in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(lines) > 15
    for number, line in enumerate(lines):
        (room / f"escalation/page-{number}.yaml").write_text(
            f"rules:\n  - id: page-{number}\n    when: {{all: ['{line}']}}\n    then: [{{raise_risk: low}}]\n"
            "    because: A test.\n    source: A test\n"
            '    examples: {fires: [{asq: {q1: "yes"}}], stays_calm: [{asq: {q1: "no"}}]}\n',
            "utf-8",
        )

    assert RulesFolder(room).load().problems == ()
