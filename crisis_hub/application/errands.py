"""Does what was planned: takes effects under a lease, most urgent first, and runs each by its kind.

Pages and words for people in need have workers of their own, so that a slow text never holds up a page. An effect
whose worker dies is taken over when its lease ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from crisis_hub.application.ports import Bus, Claimed, Clock, Store, StoreUnavailable
from crisis_hub.application.reactions import calls_for_work
from crisis_hub.domain.errors import Refused
from crisis_hub.domain.events import Recorded

log = logging.getLogger(__name__)

Errand = Callable[[Claimed], Awaitable[None]]

LEASE_SECONDS = 20.0
"""Longer than the longest carrier call (4 s and its record), short enough that a dead worker is soon replaced."""

_AT_ONCE = 64
_TRY_AGAIN = timedelta(seconds=2)


class Errands:
    """The worker of one process."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, kinds: Mapping[str, Errand], owner: str) -> None:
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._owner = owner
        self._bell = asyncio.Event()
        self._looking = False
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._stop_listening = bus.listen(self._heard)
        self.trouble = ""

    def start(self) -> None:
        """Begin to work whenever the bell rings."""
        self._loop = asyncio.create_task(self._work(), name="errands")

    async def close(self) -> None:
        """Stop taking work, and let what has begun come to its end."""
        self._stop_listening()
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._running:
            await asyncio.wait(self._running, timeout=LEASE_SECONDS)

    def idle(self) -> bool:
        """Say whether nothing is being done or looked for, and nothing new was heard."""
        return not self._running and not self._looking and not self._bell.is_set()

    def wake(self) -> None:
        """Look for work now; the night watch does this every second, in case a bell was lost."""
        self._bell.set()

    def _heard(self, recorded: Sequence[Recorded]) -> None:
        """Look for work when there may be some: most facts of a busy night plan none, and a look is not free."""
        if not recorded or any(calls_for_work(one.fact) for one in recorded):
            self._bell.set()

    async def _work(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            self._looking = True
            try:
                await self.sweep()
                self.trouble = ""
            except StoreUnavailable as problem:
                self.trouble = str(problem)
            except Exception:
                log.exception("looking for work failed; the next bell tries again")
            finally:
                self._looking = False

    async def sweep(self) -> None:
        """Take everything that is due, and begin it."""
        while len(self._running) < _AT_ONCE:
            room = _AT_ONCE - len(self._running)
            claimed = await self._store.claim_effects(self._clock.now(), self._owner, LEASE_SECONDS, room)
            for one in claimed:
                task = asyncio.create_task(self._run(one), name=one.effect.key)
                self._running.add(task)
                task.add_done_callback(self._done)
            if len(claimed) < room:
                return

    def _done(self, task: asyncio.Task[None]) -> None:
        was_full = len(self._running) >= _AT_ONCE
        self._running.discard(task)
        if was_full:
            self._bell.set()

    async def _run(self, claimed: Claimed) -> None:
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
