"""Fifty times SIGKILL in the middle of a load, on both databases: nothing lost, nothing doubled, nobody unheard."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.telephony.simulator import FaultKind
from tests.chaos.checker import INVOKE, OK, Found, History, Ledger, check
from tests.chaos.hubs import Hub, Place, Zygote, rules_with_waits, until
from tests.chaos.ledger import read_ledger, still_to_do
from tests.chaos.load import Load
from tests.chaos.outside import Luck, Outside, case_of, outside
from tests.chaos.reaper import Reaper
from tests.servers import PostgresServer

_T = TypeVar("_T")

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

_WAIT = 8
"""Seconds for each step of a ladder."""

_KILLS = 50
_LATE = 400.0
"""Seconds by which a ladder may end late: the hub is dead for much of the time, and the machine may be busy."""

_QUIET = 30.0
"""Seconds for which a page that was on its way may still arrive after the take."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hub.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@dataclass
class Run:
    """A hub, the world around it, and where it keeps its ledger."""

    place: Place
    hub: Hub
    outside: Outside

    async def ledger_at_rest(self, load: Load | None = None) -> Ledger:
        """Wait until nothing is left to do, and return the ledger as it stands then."""
        left = [-1]

        async def rests() -> bool:
            if load:
                await load.acts()
            _, left[0] = await still_to_do(self.place.database_url)
            return left[0] == 0

        await until(rests, lambda: f"the hub does not come to rest: {left[0]} things are left to do", pause=0.1)
        return await read_ledger(self.place.database_url)

    async def board_shows(self, ledger: Ledger) -> None:
        """Wait until the hub's board shows every case of the ledger; receipts may still be coming in."""
        streams = {fact.stream for fact in ledger.facts if fact.type == "CaseOpened"}

        async def shows() -> bool:
            head, _ = await still_to_do(self.place.database_url)
            board = await self.outside.get("sam", "/api/board")
            return bool(board["sequence"] == head and {case["id"] for case in board["cases"]} == streams)

        await until(shows, lambda: "the board does not show what is in the ledger", pause=0.2)


@contextlib.asynccontextmanager
async def a_run(nursery: Zygote, database_url: str, folder: Path, seed: int) -> AsyncIterator[Run]:
    """Prepare a hub that does not run yet, and the world around it."""
    async with outside(SystemClock(), seed) as world:
        rules = rules_with_waits(folder, _WAIT)
        place = Place(folder, database_url, world.carrier_url, rules=rules)
        await place.prepare()
        hub = Hub(nursery, place)
        world.serve(hub.url)
        try:
            yield Run(place, hub, world)
        finally:
            if hub.pid is not None:
                await hub.kill()


async def test_fifty_kills_lose_nothing_double_nothing_and_take_nothing(
    nursery: Zygote, database_url: str, tmp_path: Path, seed: int
) -> None:
    async with a_run(nursery, database_url, tmp_path, seed) as run:
        world = run.outside
        reaper = Reaper(run.hub, world.history, Luck(seed, "kills"), _KILLS)
        load = Load(world, Luck(seed, "load"), at_once=6, enough=lambda: reaper.done)
        _carrier_that_errs(world)
        reaping = asyncio.create_task(reaper.reap())
        try:
            await reaper.hub_is_up()
            await world.sign_in(run.hub.url, "rui", "ria", "sam")
            world.moment, world.hub_is_up = reaper.moment, reaper.hub_is_up
            await _unless_broken(load.play(), reaping)
            ledger = await _unless_broken(run.ledger_at_rest(load), reaping)
            found = check(world.history, ledger, listed=load.listed(), late_seconds=_LATE, quiet_seconds=_QUIET)
            assert found.good, _report(found, run, reaper, seed, tmp_path)
            await run.board_shows(ledger)
            print(_figures(found, reaper, world.history))  # noqa: T201 - shown with -s or on failure
        except BaseException:
            print(_report(None, run, reaper, seed, tmp_path))  # noqa: T201 - as above
            raise
        finally:
            reaping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reaping
        await run.hub.stop()


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
        found = check(world.history, ledger, late_seconds=_LATE, quiet_seconds=_QUIET)
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


async def _unless_broken(work: Coroutine[Any, Any, _T], reaping: asyncio.Task[None]) -> _T:
    """Wait for the work, but not for ever when the hub does not come up again."""
    doing = asyncio.create_task(work)
    await asyncio.wait({doing, reaping}, return_when=asyncio.FIRST_COMPLETED)
    if not doing.done():
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        reaping.result()
    return await doing


def _report(found: Found | None, run: Run, reaper: Reaper, seed: int, folder: Path) -> str:
    kept = run.outside.history.write(folder / "history.jsonl")
    kills = "\n  ".join(str(kill) for kill in reaper.kills)
    log = run.hub.log()[-4000:]
    return (
        f"CRISIS_HUB_CHAOS_SEED={seed}; the history is in {kept}\n{found.story() if found else ''}\n"
        f"killed {len(reaper.kills)} times:\n  {kills}\nend of the hub's log:\n{log}"
    )


def _figures(found: Found, reaper: Reaper, history: History) -> str:
    starts, pages = sorted(reaper.start_seconds), sorted(_until_paged(history))
    return (
        f"{found.story()}; started in {starts[len(starts) // 2]:.2f} s (median), {starts[-1]:.2f} s (longest); "
        f"from answer to page {pages[len(pages) // 2]:.1f} s (median), {pages[-1]:.1f} s (longest)"
    )


def _until_paged(history: History) -> list[float]:
    """Return how long each answer that called for somebody waited for its first page, kills and all."""
    first: dict[str, datetime] = {}
    for line in history.of("page", OK):
        first.setdefault(line.value["case"], line.at)
    asked = [line for line in history.of("answer", INVOKE) if line.value["calls_for"]]
    return [(first[line.value["case"]] - line.at).total_seconds() for line in asked]
