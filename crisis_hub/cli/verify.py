"""`crisis-hub rules verify`: what the rules promise over all combinations of answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.cli.rulebooks import open_rules
from crisis_hub.domain.proof.report import Finding, Promise
from crisis_hub.domain.proof.verify import stands_for, verify

Say = Callable[[str], None]

Folder = Annotated[Path | None, typer.Argument(help="The folder of rules; by default CRISIS_HUB_RULES_DIR.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object instead of sentences.")]


def verify_rules(rules: RulesFolder, say: Say, warn: Say, *, as_json: bool = False, progress: Say | None = None) -> int:
    """Say of each promise whether it is proved; return 1 when one is not, or when a file was refused."""
    promises = verify(rules.rulebook, progress or (lambda line: None))
    for problem in rules.problems:
        warn(problem.sentence(f"{rules.path}/"))
    holds = all(promise.holds for promise in promises)
    if as_json:
        say(json.dumps(_as_json(rules, promises), ensure_ascii=False, indent=2))
    else:
        _tell(rules, promises, say)
    return 0 if holds and not rules.problems else 1


def _tell(rules: RulesFolder, promises: list[Promise], say: Say) -> None:
    book = rules.rulebook
    for promise in promises:
        state = "proved" if promise.holds else "NOT PROVED"
        say(f"({promise.letter}) {promise.title} {state}: {promise.walked:,} states walked.")
        say(f"    How: {promise.how}.")
        for finding in promise.findings:
            for line in _lines(finding, rules):
                say(f"    {line}")
    stands = f"{stands_for(book):.1e}".replace("e+", " × 10^")
    say(
        f"{len(book.rules)} rules, {len(book.instruments)} instruments; their answers can be combined in {stands} ways."
    )
    say("Replies that no line tells apart were walked as one, and items that only add up by what they add up to.")


def _lines(finding: Finding, rules: RulesFolder) -> list[str]:
    """Return a finding in lines: where, what, and the smallest case."""
    where = place_of(finding.rule, rules)
    lines = [f"{where}{finding.sentence}"]
    lines += [f"  answers: {finding.example}"] if finding.example else []
    lines += [f"  before:  {finding.before}"] if finding.before else []
    lines += [f"  after:   {finding.after}"] if finding.after else []
    return lines


def place_of(names: str, rules: RulesFolder) -> str:
    """Return file and line of the first rule, instrument or ladder that a finding names, as far as they are known."""
    for name in names.split(", "):
        for rule in rules.rules:
            if rule.reading.id == name:
                line = _line_of(rules.path / rule.file, f"id: {name}")
                return f"{rules.path}/{rule.file}:{line}: {names}: "
        thing, _, level = name.partition("#")
        for room, key in (("instruments", f"band: {level}" if level else "instrument: "), ("ladders", "ladder: ")):
            file = rules.path / room / f"{thing}.yaml"
            if file.is_file():
                return f"{file}:{_line_of(file, key)}: {names}: "
    return f"{names}: " if names else ""


def _line_of(file: Path, text: str) -> int:
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return 1
    stripped = (line.strip().removeprefix("- ") for line in lines)
    return next((number for number, line in enumerate(stripped, start=1) if line.startswith(text)), 1)


def _as_json(rules: RulesFolder, promises: list[Promise]) -> dict[str, object]:
    return {
        "version": rules.rulebook.version,
        "holds": all(promise.holds for promise in promises),
        "problems": [problem.sentence() for problem in rules.problems],
        "promises": [
            {
                "letter": p.letter,
                "title": p.title,
                "holds": p.holds,
                "walked": p.walked,
                "how": p.how,
                "findings": [asdict(finding) for finding in p.findings],
            }
            for p in promises
        ],
    }


def verify_command(folder: Folder = None, as_json: AsJson = False) -> None:
    """Walk all combinations of answers and prove what the rules promise; print the smallest case against it."""
    progress = _progress if sys.stderr.isatty() else None
    code = verify_rules(open_rules(folder), typer.echo, _err, as_json=as_json, progress=progress)
    raise typer.Exit(code)


def _progress(line: str) -> None:
    typer.echo(f"\r\x1b[2K{line}", err=True, nl=False)


def _err(line: str) -> None:
    typer.echo(line, err=True)
