"""The shipped rules, and copies of them that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.domain.rules import Rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture(scope="session")
def shipped() -> RulesFolder:
    folder = RulesFolder(RULES)
    folder.load()
    return folder


@pytest.fixture(scope="session")
def book(shipped: RulesFolder) -> Rulebook:
    return shipped.rulebook


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A copy of the shipped rules."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


@pytest.fixture
def edit(room: Path) -> Callable[[str, str, str], None]:
    """Replace words in a file of the copy; they must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = room / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} no longer says {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    return replace
