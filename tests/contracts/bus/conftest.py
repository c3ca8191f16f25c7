"""Buses of several processes, as far as a kind of bus has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.bus.redis_streams import RedisBus
from crisis_hub.adapters.clock import SystemClock
from crisis_hub.application.ports import Bus
from crisis_hub.domain.events import Recorded


class Ear:
    """Hears a bus, and can be waited for."""

    def __init__(self, bus: Bus) -> None:
        self.heard: list[Sequence[Recorded]] = []
        self._news = asyncio.Event()
        self.stop = bus.listen(self._hear)

    def _hear(self, recorded: Sequence[Recorded]) -> None:
        self.heard.append(recorded)
        self._news.set()

    async def hears(self, within: float = 10) -> Sequence[Recorded]:
        """Return what was heard last, once there is something that was not waited for yet."""
        async with asyncio.timeout(within):
            await self._news.wait()
        self._news.clear()
        return self.heard[-1]


class Buses:
    """Makes buses that belong together."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: list[Bus] = []

    async def another(self) -> Bus:
        bus: Bus = RedisBus(self.url, SystemClock(), f"p{len(self._made)}") if self.url else MemoryBus()
        self._made.append(bus)
        await bus.start()
        return bus

    async def close(self) -> None:
        for bus in self._made:
            await bus.close()


@pytest_asyncio.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    """A bus of every kind."""
    made = Buses("" if request.param == "memory" else request.getfixturevalue("redis_url"))
    yield await made.another()
    await made.close()


@pytest_asyncio.fixture
async def buses(redis_url: str) -> AsyncIterator[Buses]:
    """Buses over one Redis."""
    made = Buses(redis_url)
    yield made
    await made.close()
