"""Where the commands find the rules."""

from __future__ import annotations

from pathlib import Path

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.settings import SHIPPED_RULES, Settings


def open_rules(folder: Path | None) -> RulesFolder:
    """Return the folder, read; the one of the settings when none is named."""
    rules = RulesFolder(folder or Settings().rules_dir, SHIPPED_RULES)
    rules.load()
    return rules
