"""`crisis-hub rules diff A B`: which combinations of answers mean something else in another folder of rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.proof.difference import Changed, differences
from crisis_hub.settings import SHIPPED_RULES

Say = Callable[[str], None]


def diff_rules(old: RulesFolder, new: RulesFolder, say: Say, warn: Say, *, as_json: bool = False) -> int:
    """Say what differs between two folders; return 1 when anything does, or when a file was refused."""
    found = list(differences(old.rulebook, new.rulebook))
    problems = [problem.sentence(f"{rules.path}/") for rules in (old, new) for problem in rules.problems]
    for problem in problems:
        warn(problem)
    if as_json:
        say(json.dumps([asdict(changed) for changed in found], ensure_ascii=False, indent=2))
    else:
        for changed in found:
            _tell(changed, say)
        counted = sum(changed.differ for changed in found)
        say(f"{len(found)} differences, {counted:,} combinations that mean something else." if found else "The same.")
    return 1 if found or problems else 0


def _tell(changed: Changed, say: Say) -> None:
    counts = f" In {changed.differ:,} of {changed.walked:,} combinations." if changed.walked else ""
    say(f"{changed.what} {changed.id}: {changed.sentence}{counts}")
    if changed.example:
        say(f"  smallest: {changed.example}")
        say(f"  before:   {changed.before}")
        say(f"  after:    {changed.after}")


def diff_command(
    old: Annotated[Path, typer.Argument(help="The folder of rules as they were.", exists=True, file_okay=False)],
    new: Annotated[Path, typer.Argument(help="The folder of rules as they are to be.", exists=True, file_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON array instead of sentences.")] = False,
) -> None:
    """Say which answers would change the risk or the care between two folders; exit 1 when any would."""
    raise typer.Exit(diff_rules(_read(old), _read(new), typer.echo, _err, as_json=as_json))


def _err(line: str) -> None:
    typer.echo(line, err=True)


def _read(folder: Path) -> RulesFolder:
    rules = RulesFolder(folder, SHIPPED_RULES)
    rules.load()
    return rules
