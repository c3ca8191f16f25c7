"""One clock for every process of a run: the machine's own, or one that all agree runs so many times as fast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.application.ports import Clock

SPEED = "CHAOS_SPEED"

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""From here on time is stretched; fixed, so that a process that starts later has the same hour as one before it."""


class RunClock:
    """The machine's clock, `speed` times as fast since a fixed instant."""

    def __init__(self, speed: float) -> None:
        self._machine = SystemClock()
        self._speed = speed

    def now(self) -> datetime:
        """Return the instant that all processes of this run agree on."""
        return _BEGAN + (self._machine.now() - _BEGAN) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait that many of its own, shorter seconds."""
        await self._machine.sleep(seconds / self._speed)


def clock_of(environment: Mapping[str, str]) -> Clock:
    """Return the clock that a hub of this run is given."""
    speed = float(environment.get(SPEED, "1"))
    return SystemClock() if speed == 1 else RunClock(speed)
