"""The plan of the house, kept by tests: what is promised on paper must be true of the code."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from crisis_hub.adapters.store.codec import decode, encode, fact_types
from crisis_hub.application.reactions import REACTIONS
from crisis_hub.cli.main import app
from crisis_hub.domain.covering import Change
from crisis_hub.domain.events import (
    CalendarLinkRenewed,
    CanaryAnswered,
    CanaryFailed,
    CanaryReleased,
    CoverageChanged,
    CoverAsked,
    CoverDeclined,
    CoverLapsed,
    CoverTaken,
    CoverWithdrawn,
    Fact,
    Lacking,
    LeaveEnded,
    LeaveTaken,
    OverrideEnded,
    OverrideMade,
    PersonRegistered,
    PersonRemoved,
    Reach,
    RulebookLoaded,
    RulebookSigned,
    SignOffProposed,
    Stint,
    TestPageProgressed,
    TestPageSent,
    TestPageTaken,
    WayAdded,
    WayCodeSent,
    WayCodeWrong,
    WayOptedIn,
    WayOptedOut,
    WayProved,
    WayRemoved,
    WayVerified,
    without_words,
)
from crisis_hub.domain.vocabulary import AttemptState, Method, PersonId, Role, TakenBy
from crisis_hub.settings import Settings
from tests.domain.full_night import a_full_night

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crisis_hub"
TOOLS = Path(sys.executable).parent

LONGEST_MODULE, LONGEST_FUNCTION = 300, 50

DICTIONARIES = {"domain/commands.py", "application/ports.py", "domain/events/__init__.py"}
"""Lists of words, one after the other: things are looked up in them, and they read worse when they are torn apart."""


def modules(*rooms: str) -> list[Path]:
    """Return the modules of these rooms."""
    return [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]


def named(path: Path) -> str:
    """Name a module by its place in the house."""
    return str(path.relative_to(PACKAGE))


# ------------------------------------------------------------------------------------------ facts


def test_every_fact_has_a_reaction_or_says_that_it_has_none() -> None:
    """A fact that nobody thought of would be written and forgotten."""
    assert set(get_args(Fact)) == set(REACTIONS)


EIGHT, NINE = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)

STAFF_FACTS: tuple[Fact, ...] = (
    PersonRegistered(
        PersonId("ana"), "Ana", (Role.CLINICIAN,), ("en", "es"), "ana", (Reach(Method.SMS, "+15550100001", 0),), "hash"
    ),
    PersonRemoved(PersonId("ana")),
    WayAdded(PersonId("ana"), Method.PUSH, 0, ("imminent",), "an address of hers"),
    WayCodeSent(PersonId("ana"), Method.EMAIL, "n1", "ana@example.org"),
    WayCodeWrong(PersonId("ana"), Method.EMAIL, "ana@example.org"),
    WayVerified(PersonId("ana"), Method.EMAIL, "ana@example.org"),
    WayRemoved(PersonId("ana"), Method.EMAIL, "ana@example.org"),
    WayProved(PersonId("ana"), Method.SMS, TakenBy.REPLY, "+15550100001"),
    WayOptedOut(PersonId("ana"), Method.SMS, "texted STOP", "+15550100001"),
    WayOptedIn(PersonId("ana"), Method.SMS, "+15550100001"),
    TestPageSent(PersonId("ana"), "t1", Method.SMS, "+15550100001"),
    TestPageProgressed(PersonId("ana"), "t1", AttemptState.FAILED, "undelivered 30003"),
    TestPageTaken(PersonId("ana"), "t1", TakenBy.REPLY),
    CalendarLinkRenewed("person:ana", PersonId("ana")),
    CanaryReleased("0123abcd"),
    CanaryFailed("0123abcd", "20003: Authenticate"),
    CanaryAnswered("0123abcd"),
    RulebookLoaded("v1", 3, ("a problem",)),
    SignOffProposed("v1", PersonId("lena"), "Read and tried every example."),
    RulebookSigned("v1", PersonId("lena"), PersonId("ana"), "Read them again with Lena."),
    OverrideMade("o1", Change.REPLACE, PersonId("ana"), PersonId("ben"), EIGHT, NINE, PersonId("sam"), (), "is ill"),
    OverrideMade("o2", Change.ADD, PersonId("ana"), None, EIGHT, NINE, PersonId("sam"), ("No rest.",), "a storm"),
    OverrideEnded("o1", PersonId("sam")),
    CoverAsked("c1", PersonId("ana"), EIGHT, NINE, PersonId("ana"), None, None, "a wedding"),
    CoverAsked("c2", PersonId("ana"), EIGHT, NINE, PersonId("sam"), PersonId("ben"), Stint(EIGHT, NINE), "a swap"),
    CoverTaken("c1", PersonId("ben"), PersonId("sam"), ("No rest.",), "he offered it"),
    CoverDeclined("c2", PersonId("ben"), PersonId("ben"), True, "a journey"),
    CoverLapsed("c2"),
    CoverWithdrawn("c1", PersonId("ana"), "not needed"),
    LeaveTaken("l1", PersonId("ana"), EIGHT, NINE, PersonId("ana"), "an operation"),
    LeaveEnded("l1", PersonId("sam")),
    CoverageChanged(
        "clinicians",
        NINE,
        (Lacking("nobody", "Nobody is on call.", True, None, EIGHT, NINE, False),),
        ("Nobody is on call.",),
        ("Ana has no way to be reached.",),
        True,
        (PersonId("sam"),),
    ),
)


def samples() -> list[Fact]:
    """Return a sample of every fact that can become true."""
    return [*(fact for fact, _ in a_full_night().history), *STAFF_FACTS]


def test_every_fact_has_a_sample_and_a_name_in_the_ledger() -> None:
    assert {type(fact) for fact in samples()} == set(get_args(Fact)) == set(fact_types().values())


def test_every_fact_comes_back_from_the_ledger_as_it_went_in() -> None:
    for fact in samples():
        written = encode(fact)

        assert decode(written.type, written.payload, written.private) == fact
        assert decode(written.type, written.payload) == without_words(fact)


def test_what_lies_open_in_the_ledger_holds_no_private_field() -> None:
    """The payload is what a backup, a replica and a curious administrator see."""
    for fact in samples():
        private = [str(getattr(fact, f.name)) for f in fields(fact) if f.metadata.get("private")]
        payload = encode(fact).payload.decode()

        assert not any(words and words in payload for words in private), payload


# ------------------------------------------------------------------------------------------ sizes


@pytest.mark.parametrize("path", modules("domain", "application", "web", "cli", "adapters"), ids=named)
def test_no_module_grows_past_what_fits_a_head(path: Path) -> None:
    """A room that is too big is two rooms."""
    assert named(path) in DICTIONARIES or len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", modules("domain", "application"), ids=named)
def test_no_function_of_the_heart_or_the_hands_grows_past_one_glance(path: Path) -> None:
    long = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION
    ]

    assert long == []


# ------------------------------------------------------------------------------------------ what is written down


def test_every_setting_stands_in_the_help_with_what_it_is_for() -> None:
    """An operator reads `crisis-hub serve --help`, not the code."""
    help_text = " ".join(CliRunner().invoke(app, ["serve", "--help"], terminal_width=500).output.split())

    for name, setting in Settings.model_fields.items():
        assert setting.description, name
        assert f"CRISIS_HUB_{name.upper()}" in help_text
        assert " ".join(setting.description.split()[:4]) in help_text


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the machine's business; a lock file must work with any registry."""
    host = re.compile(
        r"pypi\.|pythonhosted\.|npmjs\.|yarnpkg\.|https?://[^\s\"']*/simple|\bregistry\.|index-url|\"resolved\""
    )
    kinds = (
        "*.lock",
        "*.toml",
        "*.cfg",
        "requirements*.txt",
        "package*.json",
        ".npmrc",
        "Dockerfile*",
        "compose*.y*ml",
    )
    files = [path for kind in kinds for folder in (ROOT, ROOT / "ops", ROOT / "frontend") for path in folder.glob(kind)]

    assert ROOT / "ops" / "requirements.lock" in files
    assert [str(path.relative_to(ROOT)) for path in files if host.search(path.read_text("utf-8"))] == []


# ------------------------------------------------------------------------------------------ planted faults


def copied(to: Path) -> Path:
    """Copy the house, to plant something in it."""
    shutil.copytree(PACKAGE, to / "crisis_hub", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def plant(path: Path, line: str, *, at_the_end: bool = False) -> None:
    """Put a line after the first import, or at the end."""
    text = path.read_text("utf-8")
    first = "from __future__ import annotations\n"
    assert first in text
    path.write_text(f"{text}\n\n{line}\n" if at_the_end else text.replace(first, f"{first}\n{line}\n", 1), "utf-8")


def run(folder: Path, *command: str) -> tuple[int, str]:
    """Run one of the tools in the copy."""
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


CONTRACTS = {
    "domain/case.py": ("import sqlalchemy", "The heart and the hands use the standard library only"),
    "domain/rota.py": ("import time", "The heart has no clock, no network, no chance, no files"),
    "application/hub.py": ("import socket", "The hands leave the machine to the adapters"),
    "application/door.py": ("from crisis_hub.adapters import passwords", "Floors:"),
    "adapters/metronome.py": ("from crisis_hub.adapters import ids", "No adapter knows another"),
    "domain/risk.py": ("from crisis_hub.domain import queue", "No circles"),
}


def test_an_import_from_the_wrong_room_is_caught(tmp_path: Path) -> None:
    """A database in the heart, a socket in the hands: each breaks the contract that forbids it."""
    house = copied(tmp_path)
    code, said = run(house, "lint-imports", "--no-cache")
    assert (code, "0 broken" in said) == (0, True), said
    for where, (line, _) in CONTRACTS.items():
        plant(house / "crisis_hub" / where, line)

    code, said = run(house, "lint-imports", "--no-cache")

    assert code == 1
    assert "sqlalchemy" in said
    broken = [line for line in said.splitlines() if line.endswith(" BROKEN")]
    for _, contract in CONTRACTS.values():
        assert any(line.startswith(contract) for line in broken), contract


CLOCKS = {
    "from datetime import datetime\n\nSTARTED = datetime.now()": "Ask the Clock you were given",
    "import time\n\nSTARTED = time.time()": "Ask the Clock you were given",
    "import time\n\ntime.sleep(1)": "clock.sleep",
    "import uuid\n\nNAME = uuid.uuid4()": "Ask the Ids you were given",
    "import random\n\nLUCK = random.random()": "Ask the Ids you were given",
    "import secrets\n\nTOKEN = secrets.token_hex()": "Ask the Ids you were given",
}


def test_a_clock_or_chance_in_the_heart_or_the_hands_is_caught(tmp_path: Path) -> None:
    """Whoever reads the clock is told to ask the one that was passed in."""
    house = copied(tmp_path)
    where = ["crisis_hub/application", "crisis_hub/domain"]
    code, said = run(house, "ruff", "check", "--no-cache", *where)
    assert code == 0, said
    for room in where:
        for number, line in enumerate(CLOCKS):
            planted = house / room / f"planted{number}.py"
            planted.write_text(f'"""Planted."""\n\n{line}\n', "utf-8")

    _, said = run(house, "ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "concise", *where)

    for room in where:
        for number, sentence in enumerate(CLOCKS.values()):
            found = [line for line in said.splitlines() if line.startswith(f"{room}/planted{number}.py")]
            assert any("TID251" in line and sentence in line for line in found), (room, number, said)
