"""A sign of life to somebody outside, given only while all is well: whoever watches there wakes us when it stops.

Everything that watches inside this house can fail with the house. Silence is the one alarm that needs nothing of ours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from crisis_hub.application.ports import Clock

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=60)


class Pinger(Protocol):
    """Reaches the address outside."""

    async def ping(self) -> None:
        """Give one sign of life; raises when it did not arrive."""


class DeadMan:
    """Pings while all is well, and is silent while anything is not."""

    def __init__(self, pinger: Pinger, clock: Clock, well: Callable[[], Awaitable[bool]]) -> None:
        self._pinger = pinger
        self._clock = clock
        self._well = well
        self._tried_at: datetime | None = None
        self._under_way: asyncio.Task[None] | None = None
        self._trouble = ""

    async def round(self) -> None:
        """Ping when a minute has passed; the watch does not wait for the answer."""
        now = self._clock.now()
        if self._under_way is not None or (self._tried_at is not None and now - self._tried_at < EVERY):
            return
        if not await self._well():
            return
        self._tried_at = now
        self._under_way = asyncio.create_task(self._ping(), name="dead-man")

    def trouble(self) -> str:
        """Say that nobody outside hears from us; nothing while they do."""
        return self._trouble

    async def close(self) -> None:
        """Let go of a ping under way."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)

    async def _ping(self) -> None:
        try:
            await self._pinger.ping()
            self._trouble = ""
        except Exception as problem:  # noqa: BLE001 - whatever it is, nobody outside heard from us
            self._trouble = "The address outside that waits for our sign of life cannot be reached."
            log.warning("the sign of life did not arrive: %s", problem)
        finally:
            self._under_way = None
