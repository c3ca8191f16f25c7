"""Cases on record, explained and judged again from the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crisis_hub.adapters.clock import HandClock
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.application.ports import CaseRow, Entry
from crisis_hub.cli.main import app
from crisis_hub.domain.case import fold
from crisis_hub.domain.decision import decided
from crisis_hub.domain.rules import Rulebook
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import Settings
from tests.domain.given import CASE, claim, said, text_comes

TALK = (text_comes(), claim(), said("asq.q3=yes"), said("asq.q5=yes"))


@pytest.fixture
def ledger(tmp_path: Path, book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger on SQLite with one case in it, and the settings that lead there."""
    monkeypatch.setenv("CRISIS_HUB_DATABASE_URL", f"sqlite:///{tmp_path}/hub.db")
    monkeypatch.setenv("CRISIS_HUB_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    asyncio.run(_write(book))
    return tmp_path


async def _write(book: Rulebook) -> None:
    clock = HandClock()
    store = await open_store(Settings(), clock, open_keyring(Settings()))
    case, version = None, 0
    for command in TALK:
        facts, case = decided(case, command, book, clock.now())
        assert case is not None
        row = CaseRow(
            case.id, case.number, case.state, case.risk, case.channel, "en", case.contact_ref, "rui", False,
            clock.now(), clock.now(),
        )  # fmt: skip
        await store.append(Entry(CASE, version, facts, clock.now(), "test", row=row))
        version += len(facts)
    assert case == fold((one.fact, one.at) for one in await store.read(CASE))  # type: ignore[misc]
    await store.close()


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rules", *arguments])
    return result.exit_code, result.output


def test_a_case_on_record_is_explained_by_its_number(ledger: Path) -> None:
    code, said = run("explain", "--case", "1001")

    assert code == 0
    assert "Case 1001, active, judged with version" in said
    assert "HOLDS    asq-acute" in said


def test_a_number_that_nobody_has_is_told(ledger: Path) -> None:
    assert run("explain", "--case", "9999") == (1, "There is no case 9999 in this ledger.\n")
    assert run("explain")[0] == 2


def test_the_rules_that_judged_a_case_say_the_same_again_and_changed_ones_say_what_differs(
    ledger: Path, room: Path, shipped: RulesFolder
) -> None:
    code, said = run("replay", "--since", "2000-01-01")
    assert (code, said.splitlines()[-1].endswith("0 would have differed, 1 not.")) == (0, True)

    text = (room / "escalation/suicide.yaml").read_text()
    (room / "escalation/suicide.yaml").write_text(
        text.replace("raise_risk: high}, {page: clinical", "raise_risk: imminent}, {page: imminent", 1)
    )
    code, said = run("replay", "--since", "2000-01-01", "--rules", str(room))
    assert code == 1
    assert "risk imminent, higher than high; would page imminent at imminent" in said


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_HUB_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    code = run("replay", "--since", "2000-01-01")[0]

    assert code != 0
    assert not (tmp_path / "none.db").exists()


def test_a_day_that_is_none_is_told() -> None:
    assert run("replay", "--since", "yesterday") == (2, "--since: “yesterday” is not a day. Write it as 2026-11-01.\n")
