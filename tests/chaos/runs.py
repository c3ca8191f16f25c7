"""A hub under load that is killed again and again, the world around it, and what is left of both in the end."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from crisis_hub.adapters.clock import SystemClock
from tests.chaos.checker import Found, Ledger, check
from tests.chaos.hubs import Hub, Place, Zygote, rules_with_waits, until
from tests.chaos.ledger import read_ledger, still_to_do
from tests.chaos.load import Load
from tests.chaos.outside import Luck, Outside, outside
from tests.chaos.reaper import Reaper

_T = TypeVar("_T")

KILLS = "CRISIS_HUB_KILLS"
"""The variable that says how often a run kills its hub."""

LATE = 400.0
"""Seconds by which a ladder may end late: the hub is dead for much of the time, and the machine may be busy."""

QUIET = 30.0
"""Seconds for which a page that was on its way may still arrive after the take."""

_WAIT = 8
"""Seconds for each step of a ladder."""


def kills_of_a_run(usual: int) -> int:
    """Return how often the hub is killed: as often as the variable says, or as usual."""
    return int(os.environ.get(KILLS, usual))


@dataclass
class Run:
    """A hub, the world around it, and where it keeps its ledger."""

    place: Place
    hub: Hub
    outside: Outside
    seed: int

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
            yield Run(place, hub, world, seed)
        finally:
            if hub.pid is not None:
                await hub.kill()


@dataclass
class Survival:
    """What is left after the last kill: the hub, which runs, its ledger at rest, and what the checker says of both."""

    run: Run
    reaper: Reaper
    ledger: Ledger
    found: Found

    def report(self) -> str:
        """Return all that somebody needs who must find out what went wrong."""
        return _report(self.run, self.reaper, self.found)


@contextlib.asynccontextmanager
async def killed_under_load(run: Run, kills: int, moments: Luck, people: Luck) -> AsyncIterator[Survival]:
    """Kill a hub so often while people work with it and let it come to rest; it is stopped when the test has looked.

    Whatever goes wrong, here or in the test, is told with the kills, the history and the end of the hub's log.
    """
    world = run.outside
    reaper = Reaper(run.hub, world.history, moments, kills)
    load = Load(world, people, at_once=6, enough=lambda: reaper.done)
    found: Found | None = None
    reaping = asyncio.create_task(reaper.reap())
    try:
        await reaper.hub_is_up()
        await world.sign_in(run.hub.url, "rui", "ria", "sam")
        world.moment, world.hub_is_up = reaper.moment, reaper.hub_is_up
        await _unless_broken(load.play(), reaping)
        ledger = await _unless_broken(run.ledger_at_rest(load), reaping)
        found = check(world.history, ledger, listed=load.listed(), late_seconds=LATE, quiet_seconds=QUIET)
        yield Survival(run, reaper, ledger, found)
    except BaseException:
        print(_report(run, reaper, found))  # noqa: T201 - shown on failure
        raise
    finally:
        reaping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reaping
    await run.hub.stop()


async def _unless_broken(work: Coroutine[Any, Any, _T], reaping: asyncio.Task[None]) -> _T:
    """Wait for the work, but not for ever when the hub does not come up again."""
    doing = asyncio.create_task(work)
    await asyncio.wait({doing, reaping}, return_when=asyncio.FIRST_COMPLETED)
    if not doing.done():
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        reaping.result()
    return await doing


def _report(run: Run, reaper: Reaper, found: Found | None) -> str:
    kept = run.outside.history.write(run.place.folder / "history.jsonl")
    kills = "\n  ".join(str(kill) for kill in reaper.kills)
    log = run.hub.log()[-4000:]
    return (
        f"CRISIS_HUB_CHAOS_SEED={run.seed}; the history is in {kept}\n{found.story() if found else ''}\n"
        f"killed {len(reaper.kills)} times:\n  {kills}\nend of the hub's log:\n{log}"
    )
