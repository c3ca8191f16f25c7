"""Does what was planned: takes effects under a lease, most urgent first, and runs each by its kind.

There are lanes, each with workers of its own: an imminent page never waits behind a flood of other pages, and no page
waits behind words for people in need or behind notices, however slow a carrier is with those. An effect whose worker
dies is taken over when its lease ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crisis_hub.application.ports import Bus, Claimed, Clock, Store, StoreUnavailable
from crisis_hub.application.reactions import calls_for_work
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.events import Recorded

log = logging.getLogger(__name__)

Errand = Callable[[Claimed], Awaitable[None]]

LEASE_SECONDS = 20.0
"""Longer than the longest errand (a look-up, two carriers, the record), and short: a dead worker is soon replaced."""

_TRY_AGAIN = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Lane:
    """Effects of these priorities, both ends included, and how many may be under way at once in one process."""

    name: str
    first: int
    last: int
    slots: int


LANES = (
    Lane("imminent pages", 0, 0, 32),
    Lane("pages", 1, 2, 48),
    Lane("calling off", 3, 4, 16),
    Lane("words for people in need", 5, 5, 32),
    Lane("notices", 6, 9, 8),
)
"""Every priority stands in one lane; all slots together must be fewer than the carrier's pool has connections."""


class Errands:
    """The workers of one process."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, kinds: Mapping[str, Errand], owner: str) -> None:
        self._lanes = [_Worker(lane, self, store, clock, owner) for lane in LANES]
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._owner = owner
        self._stop_listening = bus.listen(self._heard)
        self.trouble = ""

    def start(self) -> None:
        """Begin to work whenever the bell rings."""
        for lane in self._lanes:
            lane.start()

    async def close(self) -> None:
        """Stop taking work, and let what has begun come to its end."""
        self._stop_listening()
        await asyncio.gather(*(lane.close() for lane in self._lanes))

    def idle(self) -> bool:
        """Say whether nothing is being done or looked for, and nothing new was heard."""
        return all(lane.idle() for lane in self._lanes)

    def wake(self) -> None:
        """Look for work now; the night watch does this every second, in case a bell was lost."""
        for lane in self._lanes:
            lane.bell.set()

    def _heard(self, recorded: Sequence[Recorded]) -> None:
        """Look for work when there may be some: most facts of a busy night plan none, and a look is not free."""
        if not recorded or any(calls_for_work(one.fact) for one in recorded):
            self.wake()

    async def sweep(self) -> None:
        """Take everything that is due, the most urgent first, and begin it."""
        for lane in self._lanes:
            await lane.sweep()

    async def run(self, claimed: Claimed) -> None:
        """Run one errand; whatever it throws, it stays planned and is tried again."""
        effect = claimed.effect
        try:
            await self._kinds[effect.kind](claimed)
        except StoreUnavailable as problem:
            self.trouble = str(problem)  # the lease ends by itself, and the errand is taken again
        except Refused as refusal:
            log.warning("errand refused", extra={"effect": effect.key, "why": refusal.why})
            await self._again(claimed)
        except Exception:
            log.exception("errand failed", extra={"effect": effect.key})
            await self._again(claimed)

    async def _again(self, claimed: Claimed) -> None:
        try:
            await self._store.retry(claimed.effect.key, self._owner, self._clock.now() + _TRY_AGAIN)
        except StoreUnavailable as problem:
            self.trouble = str(problem)


class _Worker:
    """The workers of one lane."""

    def __init__(self, lane: Lane, errands: Errands, store: Store, clock: Clock, owner: str) -> None:
        self._lane = lane
        self._errands = errands
        self._store = store
        self._clock = clock
        self._owner = owner
        self.bell = asyncio.Event()
        self._looking = False
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._work(), name=f"errands: {self._lane.name}")

    async def close(self) -> None:
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._running:
            await asyncio.wait(self._running, timeout=LEASE_SECONDS)

    def idle(self) -> bool:
        return not self._running and not self._looking and not self.bell.is_set()

    async def _work(self) -> None:
        while True:
            await self.bell.wait()
            self.bell.clear()
            self._looking = True
            try:
                await self.sweep()
                self._errands.trouble = ""
            except StoreUnavailable as problem:
                self._errands.trouble = str(problem)
            except Exception:
                log.exception("looking for work failed; the next bell tries again")
            finally:
                self._looking = False

    async def sweep(self) -> None:
        """Take what is due in this lane, and begin it."""
        lane = self._lane
        while len(self._running) < lane.slots:
            room = lane.slots - len(self._running)
            claimed = await self._store.claim_effects(
                self._clock.now(), self._owner, LEASE_SECONDS, room, (lane.first, lane.last)
            )
            for one in claimed:
                task = asyncio.create_task(self._errands.run(one), name=one.effect.key)
                self._running.add(task)
                task.add_done_callback(self._done)
            if len(claimed) < room:
                return

    def _done(self, task: asyncio.Task[None]) -> None:
        was_full = len(self._running) >= self._lane.slots
        self._running.discard(task)
        if was_full:
            self.bell.set()
