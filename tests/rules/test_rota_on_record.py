"""`crisis-hub rota`, where people have arranged something: the ledger counts, and one that cannot be read is said."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.application.ports import Entry
from crisis_hub.application.rotas import stream_of
from crisis_hub.application.staff import STREAM as STAFF
from crisis_hub.cli.main import app
from crisis_hub.domain.covering import Change
from crisis_hub.domain.events import Fact, LeaveTaken, OverrideMade
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import CannotStart, Settings

ANA, BEN, SAM = PersonId("ana"), PersonId("ben"), PersonId("sam")
START, END = datetime(2026, 3, 3, 6, tzinfo=UTC), datetime(2026, 3, 3, 18, tzinfo=UTC)
REPLACED = OverrideMade("o", Change.REPLACE, BEN, ANA, START, END, SAM, (), "ana is ill")
AWAY = LeaveTaken("l", ANA, START, END, ANA, "ill")
NOON = "2026-03-03T12:00:00Z"


@pytest.fixture(autouse=True)
def _a_ledger_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_HUB_DATABASE_URL", f"sqlite:///{tmp_path}/hub.db")


def write(stream: str, *facts: Fact) -> None:
    """Write facts as a running service would."""

    async def written() -> None:
        store = await open_store(Settings(), SystemClock(), open_keyring(Settings()))
        await store.append(Entry(stream, 0, facts, START, "test"))
        await store.close()

    asyncio.run(written())


def said(*words: str) -> str:
    """Run a command and return what it said."""
    done = CliRunner().invoke(app, ["rota", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def test_without_a_ledger_the_files_say_it_and_none_is_made(tmp_path: Path) -> None:
    assert said("who", "--at", NOON).startswith("clinicians: ana until 2026-03-09T08:00:00-05:00, then ben")
    assert list(tmp_path.iterdir()) == []


def test_what_was_arranged_counts() -> None:
    write(stream_of("clinicians"), REPLACED)
    assert said("who", "--at", NOON).startswith(
        "clinicians: ben until 2026-03-03T12:00:00-06:00, then ana [ben by “layer 1” for ana]"
    )


def test_leave_counts() -> None:
    write(STAFF, AWAY)
    assert said("who", "--at", NOON).startswith("clinicians: sam (last resort) until 2026-03-03T12:00:00-06:00")


def test_a_gap_that_leave_makes_is_found() -> None:
    now = SystemClock().now()
    year = LeaveTaken("l", ANA, now.replace(year=now.year - 1), now.replace(year=now.year + 1), ANA, "a year away")
    write(STAFF, year)
    done = CliRunner().invoke(app, ["rota", "gaps", "--days", "15"])
    assert done.exit_code == 1
    assert "Nobody is on call" in done.output


def test_a_ledger_that_cannot_be_read_ends_it_with_a_sentence(tmp_path: Path) -> None:
    """Naming whoever handed the shift over would be a lie."""
    (tmp_path / "hub.db").write_bytes(b"no database at all, but long enough to look like one" * 40)
    done = CliRunner().invoke(app, ["rota", "who"])
    assert isinstance(done.exception, CannotStart)
    assert "ana" not in done.output
