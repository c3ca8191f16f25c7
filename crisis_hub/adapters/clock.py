"""The only place that reads the clock, and a clock moved by hand for everything that must not wait."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        await asyncio.sleep(seconds)


class FastClock:
    """The machine's clock made to run `speed` times as fast, from a first instant on."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        """Return the instant it would be had time run that fast since the start."""
        return self._start + (datetime.now(UTC) - self._start) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait that many of its own, shorter seconds."""
        await asyncio.sleep(seconds / self._speed)


class HandClock:
    """A clock that stands still until somebody moves it.

    `advance` goes from sleeper to sleeper in the order in which they are due, and after each lets everything
    that is ready run to its end (`settle`), so that an hour of a night takes milliseconds and always happens
    in the same order.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self.settle: Callable[[], Awaitable[None]] = let_everything_run

    def now(self) -> datetime:
        """Return the instant the hands stand at."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return once the hands have been moved that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._order), waiter))
        await waiter

    async def advance(self, seconds: float) -> None:
        """Move the hands forward, waking each sleeper at its own instant."""
        end = self._now + timedelta(seconds=seconds)
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, waiter = heapq.heappop(self._sleepers)
            self._now = max(self._now, due)
            if not waiter.done():  # nobody waits for it any more: a time-out that was not needed
                waiter.set_result(None)
                await self.settle()
        self._now = end
        await self.settle()


async def let_everything_run(turns: int = 50) -> None:
    """Give every task that is ready its turns."""
    for _ in range(turns):
        await asyncio.sleep(0)
