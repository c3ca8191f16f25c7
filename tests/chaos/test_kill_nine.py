"""SIGKILL again and again in the middle of a load, on both databases: nothing lost, nothing doubled, nobody unheard.

`CRISIS_HUB_KILLS=50` makes it a long run.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from crisis_hub.adapters.telephony.simulator import FaultKind
from tests.chaos.checker import INVOKE, OK, History, check
from tests.chaos.hubs import Hub, Zygote
from tests.chaos.outside import Luck, Outside, case_of
from tests.chaos.runs import LATE, QUIET, Survival, a_run, killed_under_load, kills_of_a_run

KILLS = kills_of_a_run(20)

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600 + 10 * KILLS)]


async def test_kills_lose_nothing_double_nothing_and_take_nothing(
    nursery: Zygote, database_url: str, tmp_path: Path, seed: int
) -> None:
    async with a_run(nursery, database_url, tmp_path, seed) as run:
        _carrier_that_errs(run.outside)
        async with killed_under_load(run, KILLS, Luck(seed, "kills"), Luck(seed, "load")) as survival:
            assert survival.found.good, survival.report()
            await run.board_shows(survival.ledger)
            print(_figures(survival))  # noqa: T201 - shown with -s or on failure


async def test_killed_between_the_answer_and_the_page_the_page_goes_out(
    nursery: Zygote, database_url: str, tmp_path: Path, seed: int
) -> None:
    """Three cases, each killed at its own place after the commit and before the carrier has accepted anything."""
    async with a_run(nursery, database_url, tmp_path, seed) as run:
        world, hub = run.outside, run.hub
        faults = world.carrier.faults
        await hub.start()
        await hub.ready()
        await world.sign_in(hub.url, "rui", "sam")
        cases = [case_of(await world.text(f"+1555030000{number}", "please help me")) for number in range(3)]
        for case in cases:
            assert (await world.claim("rui", case)).status == 200
        # The first order gets no answer, and all that follow are refused: nothing is accepted until the faults end.
        faults.switch_on(FaultKind.REST_SILENT_BEFORE, count=1, seconds=2.0, only="POST")
        faults.switch_on(FaultKind.REST_503, only="POST")
        places = ("the carrier is asked: POST", "the carrier has answered 503: POST", "a request is answered")
        for case, place in zip(cases, places, strict=True):
            struck = _strike_at(world, hub, place)
            asking = asyncio.create_task(world.answer("rui", case, "asq.q5", "yes", calls_for="clinical"))
            await asyncio.wait_for(struck.wait(), 60)
            await hub.gone()
            await hub.start()
            await hub.ready()
            await asking
        assert list(world.history.of("page", OK)) == []

        faults.switch_off()
        ledger = await run.ledger_at_rest()
        found = check(world.history, ledger, late_seconds=LATE, quiet_seconds=QUIET)
        assert found.good, f"{found.story()}\n{hub.log()[-3000:]}"
        assert {line.value["case"] for line in world.history.of("page", OK)} == set(cases)


def _strike_at(world: Outside, hub: Hub, place: str) -> asyncio.Event:
    """Kill the hub the first time that this happens."""
    struck = asyncio.Event()

    def moment(name: str) -> None:
        if name.startswith(place) and not struck.is_set():
            struck.set()
            hub.strike()

    world.moment = moment
    return struck


def _carrier_that_errs(world: Outside) -> None:
    """Let the carrier have a bad night, too: receipts lost, doubled and reordered, orders refused or unanswered."""
    faults = world.carrier.faults
    for kind, probability in (
        (FaultKind.REST_429, 0.03),
        (FaultKind.REST_500, 0.03),
        (FaultKind.REST_500_AFTER, 0.03),
        (FaultKind.REST_503, 0.03),
    ):
        faults.switch_on(kind, probability=probability, only="POST")
    for kind, probability in (
        (FaultKind.WEBHOOK_LOST, 0.1),
        (FaultKind.WEBHOOK_DOUBLED, 0.2),
        (FaultKind.WEBHOOK_REORDERED, 0.2),
    ):
        faults.switch_on(kind, probability=probability, only="status")


def _figures(survival: Survival) -> str:
    starts, pages = sorted(survival.reaper.start_seconds), sorted(_until_paged(survival.run.outside.history))
    return (
        f"{survival.found.story()}; "
        f"started in {starts[len(starts) // 2]:.2f} s (median), {starts[-1]:.2f} s (longest); "
        f"from answer to page {pages[len(pages) // 2]:.1f} s (median), {pages[-1]:.1f} s (longest)"
    )


def _until_paged(history: History) -> list[float]:
    """Return how long each answer that called for somebody waited for its first page, kills and all."""
    first: dict[str, datetime] = {}
    for line in history.of("page", OK):
        first.setdefault(line.value["case"], line.at)
    asked = [line for line in history.of("answer", INVOKE) if line.value["calls_for"]]
    return [(first[line.value["case"]] - line.at).total_seconds() for line in asked]
