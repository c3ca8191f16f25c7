"""The plan of the house, kept by tests: what is promised on paper must be true of the code."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from crisis_hub.application.reactions import REACTIONS
from crisis_hub.domain.events import Fact
from crisis_hub.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crisis_hub"
TOOLS = Path(sys.executable).parent


def modules(*rooms: str) -> list[Path]:
    """The modules of these rooms."""
    return [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]


def test_every_fact_has_a_reaction_or_says_that_it_has_none() -> None:
    """A fact that nobody thought of would be written and forgotten."""
    assert set(get_args(Fact)) == set(REACTIONS)


DICTIONARIES = {"events.py", "ports.py"}
"""Lists of words, one after the other: they are looked things up in, and read worse when they are torn apart."""


@pytest.mark.parametrize("path", modules("domain", "application", "web", "cli", "adapters"), ids=lambda path: path.name)
def test_no_module_grows_past_three_hundred_lines(path: Path) -> None:
    """A room that no longer fits a head is two rooms."""
    assert path.name in DICTIONARIES or len(path.read_text(encoding="utf-8").splitlines()) <= 310


@pytest.mark.parametrize("path", modules("domain", "application"), ids=lambda path: path.name)
def test_no_function_of_the_heart_or_the_hands_grows_past_fifty_lines(path: Path) -> None:
    """What decides about people must be readable at one glance."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 50, f"{path.name}: {node.name}"


def test_every_setting_says_what_it_is_for() -> None:
    """An operator reads `crisis-hub serve --help`, not the code."""
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_no_lock_or_setting_names_a_package_registry() -> None:
    """Where packages come from is the machine's business."""
    host = re.compile(r"https?://[^\s\"']*(pypi|npmjs|/simple|registry\.)", re.IGNORECASE)
    files = [*ROOT.glob("*.toml"), *(ROOT / "ops").rglob("*.lock"), ROOT / "frontend" / "package-lock.json"]
    for path in files:
        assert not host.search(path.read_text(encoding="utf-8")), path


# --------------------------------------------------------------------------------------- planted faults


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the house in which to plant something."""
    shutil.copytree(PACKAGE, tmp_path / "crisis_hub", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(path: Path, line: str) -> None:
    """Put a line after the last import from the future."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("from __future__ import annotations\n", f"from __future__ import annotations\n\n{line}\n", 1))


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the tools in the copy."""
    return subprocess.run([str(TOOLS / command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, check=False)


def test_a_database_in_the_heart_is_caught(copy: Path) -> None:
    """The contract is broken by one import, and says so."""
    plant(copy / "crisis_hub" / "domain" / "case.py", "import sqlalchemy")
    found = run(copy, "lint-imports", "--no-cache")
    assert found.returncode == 1
    assert "sqlalchemy" in found.stdout


def test_a_clock_read_in_the_hands_is_caught(copy: Path) -> None:
    """Whoever reads the clock is told to ask the one that was passed in."""
    path = copy / "crisis_hub" / "application" / "hub.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n\nSTARTED = datetime.now()\n", encoding="utf-8")
    found = run(copy, "ruff", "check", "--no-cache", "crisis_hub/application/hub.py")
    assert found.returncode == 1
    assert "TID251" in found.stdout
    assert "Clock" in found.stdout


def test_the_copy_itself_is_clean(copy: Path) -> None:
    """Else the two tests above would prove nothing."""
    assert run(copy, "lint-imports", "--no-cache").returncode == 0
    assert run(copy, "ruff", "check", "--no-cache", "crisis_hub/application/hub.py").returncode == 0
