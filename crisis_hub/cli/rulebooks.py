"""Where the commands find the rules."""

from __future__ import annotations

from pathlib import Path

from crisis_hub.adapters.rules_folder import RulesFolder

SHIPPED = Path(__file__).resolve().parents[2] / "rules"
"""The rules that come with the repository; not there when only the package was installed."""


def open_rules(folder: Path) -> RulesFolder:
    """Return the folder, read."""
    rules = RulesFolder(folder, SHIPPED if SHIPPED.is_dir() else None)
    rules.load()
    return rules
