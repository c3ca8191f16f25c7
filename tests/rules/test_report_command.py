"""`crisis-hub report`: what it prints, and with which code it ends."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.application.ports import Entry
from crisis_hub.cli.main import app
from crisis_hub.domain.events import EscalationStarted, PageTaken, PersonPaged, Step, StepTaken, Target
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import EscalationId, PageId, PersonId, TakenBy
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import Settings
from tests.rules.conftest import RULES

AT = datetime(2026, 1, 7, 9, 0, tzinfo=UTC)
TAKEN = datetime(2026, 1, 7, 9, 0, 50, tzinfo=UTC)
LADDER, ANA = EscalationId("c-e1"), PersonId("ana")


@pytest.fixture(autouse=True)
def _ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_HUB_RULES_DIR", str(RULES))
    monkeypatch.setenv("CRISIS_HUB_DATABASE_URL", f"sqlite:///{tmp_path}/hub.db")
    monkeypatch.setenv("CRISIS_HUB_SECRET_KEY_FILE", str(tmp_path / "key"))


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["report", *args])


async def _one_page() -> None:
    settings, clock = Settings(), SystemClock()
    store = await open_store(settings, clock, open_keyring(settings))
    try:
        steps = (Step((Target("person", "ana"),), 120),)
        began = EscalationStarted(LADDER, "clinical", Risk.HIGH, steps, "why")
        asked = PersonPaged(PageId("p1"), LADDER, 1, ANA, "Ana", ())
        taken = PageTaken(PageId("p1"), LADDER, ANA, "Ana", TakenBy.REPLY)
        await store.append(Entry("c", 0, (began, StepTaken(LADDER, 1, TAKEN), asked), AT, "test"))
        await store.append(Entry("c", 3, (taken,), TAKEN, "test"))
    finally:
        await store.close()


def test_pages_are_told_in_sentences_as_json_and_as_a_table() -> None:
    asyncio.run(_one_page())
    span = ("--from", "2026-01-07", "--to", "2026-01-08")
    told, table, data = (run("pages", *span, *form) for form in ((), ("--as", "csv"), ("--as", "json")))

    assert (told.exit_code, table.exit_code, data.exit_code) == (0, 0, 0)
    assert told.stdout.splitlines() == [
        "1 ladder, 1 taken, half of them within 50 s, nine of ten within 50 s; 0 ended with nobody.",
        "1 page, 1 taken, half of them within 50 s, nine of ten within 50 s.",
        "  Ana: 1 page, 1 taken, half of them within 50 s, nine of ten within 50 s",
        "  03:00: 1 page, 1 taken, half of them within 50 s, nine of ten within 50 s",
    ]
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert (rows[2]["which"], rows[2]["median_seconds"]) == ("ana", "50.0")
    found = json.loads(data.stdout)
    assert (found["pages"], found["median_seconds"], found["timezone"]) == (1, 50.0, "America/Chicago")
    assert run("pages", "--from", "2026-01-05", "--to", "2026-01-07").stdout.startswith("0 ladders")


def test_hours_on_call_come_from_the_rotas() -> None:
    span = ("--from", "2026-01-05T08:00", "--to", "2026-01-19T08:00")
    told, table = run("on-call", *span), run("on-call", *span, "--as", "csv")

    assert told.stdout.splitlines() == [
        "clinicians: ana: 168 hours, 7 nights, 1 weekend, 0 holidays, woken 0 times",
        "clinicians: ben: 168 hours, 7 nights, 1 weekend, 0 holidays, woken 0 times",
        "Worked out with the rotas as their files say today, also for days on which they said something else.",
    ]
    assert [row["nights"] for row in csv.DictReader(io.StringIO(table.stdout))] == ["7", "7"]


@pytest.mark.parametrize(
    "wrong", [("--from", "yesterday"), ("--from", "2026-01-08", "--to", "2026-01-07"), ("--as", "pdf")]
)
def test_what_cannot_be_asked_ends_with_a_sentence(wrong: tuple[str, ...]) -> None:
    result = run("pages", *wrong)

    assert result.exit_code == 2
    assert result.stderr
