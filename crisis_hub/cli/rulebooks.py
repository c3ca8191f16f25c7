"""Where the commands find the rules."""

from __future__ import annotations

from pathlib import Path

import typer

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.settings import SHIPPED_RULES, Settings


def open_rules(folder: Path | None) -> RulesFolder:
    """Return the folder, read; the one of the settings when none is named.

    A folder that is not there ends the command: a slip of the pen must not look like rules without a mistake.
    """
    place = folder or Settings().rules_dir
    if not place.is_dir():
        said = "Name one that is there" if folder else "Set CRISIS_HUB_RULES_DIR"
        typer.echo(f"There is no folder {place}. {said}.", err=True)
        raise typer.Exit(2)
    rules = RulesFolder(place, SHIPPED_RULES)
    rules.load()
    return rules
