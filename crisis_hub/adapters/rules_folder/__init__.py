"""Reads `rules/`, checks every file, points at file, line and field."""

from __future__ import annotations

from crisis_hub.adapters.rules_folder.conditions import CelCondition
from crisis_hub.adapters.rules_folder.folder import RulesFolder
from crisis_hub.adapters.rules_folder.problems import Problem

__all__ = ["CelCondition", "Problem", "RulesFolder"]
