"""What the carrier does at the moment, counted, so that who moves a clock can let it come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from crisis_hub.application.ports import Clock

_T = TypeVar("_T")

_QUIET_TURNS = 4  # a task that was just woken may need a turn or two until it counts as busy again


class Work:
    """Tasks: busy while they do something, resting while they wait for time or people."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.failures: list[BaseException] = []
        """What broke inside the carrier itself; tests look here, so that no fault of ours hides in a task."""

    @property
    def busy(self) -> int:
        """Return how many things are under way that need no further time to pass."""
        return self._busy

    def start(self, doing: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Do something beside everything else."""
        self._more()
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Count what a request of the REST API does as busy."""
        self._more()
        try:
            yield
        finally:
            self._less()

    async def sleep(self, seconds: float) -> None:
        """Rest for that many seconds of the clock."""
        await self.rest(self.clock.sleep(seconds))

    async def rest(self, waiting: Awaitable[_T]) -> _T:
        """Wait for something that may take any time, without counting as busy."""
        self._less()
        try:
            return await waiting
        finally:
            self._more()

    async def rest_at_most(self, seconds: float, event: asyncio.Event) -> bool:
        """Wait for the event, but no longer than that; say whether it came."""
        if event.is_set():
            return True
        return await self.rest(self._either(seconds, event.wait())) is not None

    async def key_within(self, seconds: float, keys: asyncio.Queue[str]) -> str:
        """Wait for the next pressed key, but no longer than that; nothing pressed is an empty string."""
        if not keys.empty():
            return keys.get_nowait()
        return await self.rest(self._either(seconds, keys.get())) or ""

    async def key_before(self, end: asyncio.Task[Any], keys: asyncio.Queue[str]) -> str:
        """Wait for the next pressed key until that task ends; nothing pressed is an empty string."""
        if end.done() or not keys.empty():
            return "" if keys.empty() else keys.get_nowait()
        pressed = asyncio.ensure_future(keys.get())
        try:
            await self.rest(asyncio.wait({pressed, end}, return_when=asyncio.FIRST_COMPLETED))
            return pressed.result() if pressed.done() else ""
        finally:
            pressed.cancel()

    async def answer_within(self, seconds: float, asking: Awaitable[_T]) -> _T | None:
        """Wait for an answer from elsewhere, counting as busy, but no longer than that."""
        return await self._either(seconds, asking)

    async def idle(self) -> None:
        """Return once nothing is under way that could go on without time passing."""
        quiet = 0
        while quiet < _QUIET_TURNS:
            if self._busy:
                quiet = 0
                await self._quiet.wait()
            await self.clock.sleep(0)
            quiet += 1

    async def stop(self) -> None:
        """Drop everything that is under way."""
        while self._tasks:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks.difference_update(tasks)

    async def _either(self, seconds: float, waiting: Awaitable[_T]) -> _T | None:
        wanted = asyncio.ensure_future(waiting)
        limit = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait({wanted, limit}, return_when=asyncio.FIRST_COMPLETED)
            return wanted.result() if wanted.done() else None
        finally:
            wanted.cancel()
            limit.cancel()

    def _more(self) -> None:
        self._busy += 1
        self._quiet.clear()

    def _less(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._quiet.set()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._less()
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures.append(error)
