"""Kills a hub again and again, at seeded moments of what happens to it, and starts it again each time.

A moment is something that happens between the hub and the world: a webhook leaves or is answered, a request leaves or
is answered, the carrier is asked or has answered. Counting moments and not seconds, a run kills at the same places
on a fast machine and on a slow one; a few thousandths of a second are added to half of them, so that the hub is also
struck in the middle of what it does by itself, and some lives end before they have begun.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from crisis_hub.adapters.clock import SystemClock
from tests.chaos.checker import INFO, History
from tests.chaos.hubs import Hub
from tests.chaos.outside import Luck

_MOST_MOMENTS = 70
_LATER_SECONDS = 0.04
_YOUNG = 0.12
"""How many of the lives end while the hub is starting."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: in which life of the hub, at which moment, and how much later."""

    life: int
    moment: str
    after: float

    def __str__(self) -> str:
        return f"life {self.life}: {self.moment} + {self.after * 1000:.0f} ms"


class Reaper:
    """Ends lives until it has ended enough."""

    def __init__(self, hub: Hub, history: History, luck: Luck, kills: int) -> None:
        self._hub, self._history, self._luck, self._wanted = hub, history, luck, kills
        self._left = 0
        self._armed = False
        self._dead = asyncio.Event()
        self._up = asyncio.Event()
        self.kills: list[Kill] = []
        self.start_seconds: list[float] = []

    @property
    def done(self) -> bool:
        """Say whether every kill was done."""
        return len(self.kills) >= self._wanted

    async def hub_is_up(self) -> None:
        """Return when the hub is there to be asked."""
        await self._up.wait()

    def moment(self, name: str) -> None:
        """Count a moment, and strike if it is the one."""
        if not self._armed:
            return
        self._left -= 1
        if self._left <= 0:
            self._armed = False
            self._strike_after(name, self._luck.below(_LATER_SECONDS) if self._luck.happens(0.5) else 0.0)

    async def reap(self) -> None:
        """Begin the hub's first life, and another one after each kill; runs until it is cancelled."""
        clock = SystemClock()
        while True:
            await self._hub.start()
            began = clock.now()
            if self.start_seconds and not self.done and self._luck.happens(_YOUNG):
                after = self._luck.below(min(self.start_seconds))
                await clock.sleep(after)
                self._strike("it is starting", after)
            else:
                await self._hub.ready()
                self.start_seconds.append((clock.now() - began).total_seconds())
                self._up.set()
                self._left = self._luck.whole(1, _MOST_MOMENTS)
                self._armed = not self.done
            await self._dead.wait()
            self._dead.clear()
            assert await self._hub.gone() == "signal 9"

    def _strike_after(self, name: str, after: float) -> None:
        if after:
            asyncio.get_running_loop().call_later(after, self._strike, name, after)
        else:
            self._strike(name, 0.0)

    def _strike(self, name: str, after: float) -> None:
        self._hub.strike()
        self._up.clear()
        kill = Kill(self._hub.lives, name, after)
        self.kills.append(kill)
        self._history.note("reaper", "kill", INFO, kill=str(kill))
        self._dead.set()
