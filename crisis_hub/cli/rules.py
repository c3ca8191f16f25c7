"""`crisis-hub rules`: check the files, test each rule on its own examples, explain what answers would do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.rules_folder.escalation import Rule
from crisis_hub.adapters.rules_folder.examples import Example, read_example
from crisis_hub.adapters.rules_folder.problems import Page
from crisis_hub.cli.explain import explain_case
from crisis_hub.cli.explain_one import explain_on_record
from crisis_hub.cli.packs import install_pack
from crisis_hub.cli.replay import replay_command
from crisis_hub.cli.rota import coverage_ahead
from crisis_hub.cli.rulebooks import open_rules
from crisis_hub.cli.triage import try_words
from crisis_hub.cli.verify import verify_command
from crisis_hub.cli.verify_diff import diff_command
from crisis_hub.domain.floor import BARE_INSTRUMENTS
from crisis_hub.domain.rules import Judgement, Rulebook, judge
from crisis_hub.domain.truth import Truth

Say = Callable[[str], None]

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The clinicians' rules: check them, test them, ask them why."
)
app.command("install-pack")(install_pack)
app.command("replay")(replay_command)
app.command("verify")(verify_command)
app.command("diff")(diff_command)

_Folder = Annotated[Path | None, typer.Argument(help="The folder of rules; by default CRISIS_HUB_RULES_DIR.")]
_FolderOption = Annotated[Path | None, typer.Option("--rules", help="The folder of rules.", metavar="DIR")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example; `why` is empty when the rule did as the example says."""

    rule: Rule
    kind: str
    number: int
    example: Example
    why: str = ""

    def sentence(self, folder: str) -> str:
        """Return file, line, field and what went wrong."""
        where = f"rules.{self.rule.reading.id}.examples.{self.kind}.{self.number}"
        return f"{folder}{self.rule.file}:{self.example.line}: {where}: {self.why}"


def check_rules(rules: RulesFolder, say: Say, warn: Say) -> int:
    """Say everything that is wrong in a folder, and what is in force; return 1 when something is wrong."""
    for problem in rules.problems:
        warn(problem.sentence(_prefix(rules)))
    for note in rules.notes:
        say(f"note: {note}")
    book = rules.rulebook
    counts = {
        "rules": len(book.rules),
        "instruments": len(book.instruments),
        "scripts": len(book.scripts),
        "ladders": len(book.ladders),
        "rotas": len(book.rotas),
        "entries of words": len(book.lexicon.entries),
        "languages": len(book.wording),
    }
    say(f"In force, version {book.version}: {', '.join(f'{number} {name}' for name, number in counts.items())}.")
    say(f"Clinician sign-off: {book.sign_off}.")
    return 1 if rules.problems else 0


def try_rules(rules: RulesFolder, say: Say, warn: Say) -> int:
    """Judge every rule and entry of words on its own examples; return 1 when one is amiss, or a file was refused."""
    outcomes = list(try_examples(rules))
    failed = [outcome for outcome in outcomes if outcome.why]
    for problem in rules.problems:
        warn(problem.sentence(_prefix(rules)))
    for outcome in failed:
        warn(outcome.sentence(_prefix(rules)))
    words = list(try_words(rules))
    amiss = [tried for tried in words if tried.why]
    for tried in amiss:
        warn(tried.sentence(_prefix(rules)))
    say(f"{len(rules.rules)} rules, {len(outcomes)} examples: {len(outcomes) - len(failed)} as they should be.")
    if words:
        say(f"{len(rules.entries)} entries of words, {len(words)} texts: {len(words) - len(amiss)} as they should be.")
    return 1 if failed or amiss or rules.problems else 0


def try_examples(rules: RulesFolder) -> Iterator[Outcome]:
    """Judge every example of every rule."""
    for rule in rules.rules:
        for kind, examples in (("fires", rule.fires), ("stays_calm", rule.stays_calm)):
            for number, example in enumerate(examples, start=1):
                why = _why_not(rule, kind, example, rules.rulebook)
                yield Outcome(rule, kind, number, example, why)


def explain_answers(rules: RulesFolder, answers: str, say: Say, warn: Say) -> int:
    """Say what answers would do and why; return 2 when they cannot be read."""
    try:
        data = json.loads(answers)
    except ValueError as error:
        warn(f'--answers is not JSON ({error}). Write it as \'{{"asq": {{"q1": "yes"}}}}\'.')
        return 2
    page = Page("--answers", data, {})
    example = read_example(page, (), data, {**BARE_INSTRUMENTS, **rules.rulebook.instruments})
    if page.problems:
        for problem in page.problems:
            warn(f"--answers: {problem.field}: {problem.message}" if problem.field else f"--answers: {problem.message}")
        return 2
    for line in explain_case(example.case(), rules.rulebook):
        say(line)
    for refused in rules.problems:
        warn(refused.sentence(_prefix(rules)))
    return 0


def _why_not(rule: Rule, kind: str, example: Example, rulebook: Rulebook) -> str:
    judgement = next(j for j in judge(example.case(), rulebook) if j.reading.id == rule.reading.id)
    for traced in judgement.verdict.broken():
        return f"{traced.text} cannot be judged: {traced.judged.error}"
    if kind == "fires" and not judgement.holds:
        return f"The rule must fire and does not: {_blocking(judgement)}."
    if kind == "stays_calm" and judgement.holds:
        return "The rule must stay calm and fires."
    return ""


def _blocking(judgement: Judgement) -> str:
    words = {Truth.NO: "is not so", Truth.UNKNOWN: "is not known"}
    parts = [f"{t.text} {words[t.judged.truth]}" for t in judgement.verdict.trace if t.judged.truth in words]
    return "; ".join(parts)


def _prefix(rules: RulesFolder) -> str:
    return f"{rules.path}/"


@app.command("check")
def check_command(folder: _Folder = None) -> None:
    """Load every file and say what is wrong: file, line, field, what to do."""
    rules = open_rules(folder)
    for finding in coverage_ahead(rules.rulebook):
        typer.echo(f"note: {finding.sentence()}")
    raise typer.Exit(check_rules(rules, typer.echo, _err))


@app.command("test")
def try_command(folder: _Folder = None) -> None:
    """Judge each rule on its own examples: it must fire, or stay calm, as they say."""
    raise typer.Exit(try_rules(open_rules(folder), typer.echo, _err))


@app.command("explain")
def explain_command(
    answers: Annotated[str, typer.Option("--answers", help='Such as \'{"asq": {"q1": "yes", "q5": "yes"}}\'.')] = "",
    case: Annotated[str, typer.Option("--case", help="The number of a case on record.", metavar="NUMBER")] = "",
    folder: _FolderOption = None,
) -> None:
    """Say which rules answers, or a case on record, would fire, why, what each condition saw, and what is missing."""
    if bool(answers) == bool(case):
        _err("Give either --answers or --case.")
        raise typer.Exit(2)
    rules = open_rules(folder)
    if case:
        raise typer.Exit(explain_on_record(rules, case, typer.echo, _err))
    raise typer.Exit(explain_answers(rules, answers, typer.echo, _err))


def _err(line: str) -> None:
    typer.echo(line, err=True)
