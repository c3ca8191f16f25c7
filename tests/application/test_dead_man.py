"""A sign of life that stops when anything is wrong, and that never holds up the watch."""

from __future__ import annotations

import asyncio

from crisis_hub.adapters.clock import HandClock, let_everything_run
from crisis_hub.application.dead_man import DeadMan


class Outside:
    """Counts what it hears; can be out of reach, or slow."""

    def __init__(self) -> None:
        self.heard = 0
        self.reachable = True
        self.answers = asyncio.Event()
        self.answers.set()

    async def ping(self) -> None:
        await self.answers.wait()
        if not self.reachable:
            raise OSError("no route")
        self.heard += 1


class House:
    """A clock, an address outside, and whether all is well."""

    def __init__(self) -> None:
        self.clock, self.outside, self.is_well = HandClock(), Outside(), True
        self.dead_man = DeadMan(self.outside, self.clock, self._well)

    async def _well(self) -> bool:
        return self.is_well

    async def seconds(self, count: int) -> None:
        for _ in range(count):
            await self.clock.advance(1)
            await self.dead_man.round()
            await let_everything_run()


async def test_while_all_is_well_it_is_heard_once_a_minute() -> None:
    house = House()
    await house.seconds(181)

    assert house.outside.heard == 4


async def test_while_anything_is_wrong_it_is_silent_and_speaks_again_at_once_afterwards() -> None:
    house = House()
    await house.seconds(1)
    house.is_well = False
    await house.seconds(300)
    assert house.outside.heard == 1

    house.is_well = True
    await house.seconds(1)
    assert house.outside.heard == 2


async def test_an_address_that_cannot_be_reached_is_told_and_tried_again() -> None:
    house = House()
    house.outside.reachable = False
    await house.seconds(2)
    assert "cannot be reached" in house.dead_man.trouble()

    house.outside.reachable = True
    await house.seconds(60)
    assert (house.outside.heard, house.dead_man.trouble()) == (1, "")


async def test_a_slow_address_does_not_hold_up_the_watch() -> None:
    house = House()
    house.outside.answers.clear()
    await house.seconds(200)
    assert house.outside.heard == 0

    await house.dead_man.close()
