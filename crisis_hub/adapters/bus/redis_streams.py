"""The bell between processes: a Redis stream that says only how far the ledger has come.

Nobody waits for Redis. This process hears its own facts before anything is sent; one task sends the highest
sequence, another hears the others. When Redis is gone both try again, quietly, and the ledger's sweep makes up for
what was not heard.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from crisis_hub.adapters.bus.listeners import Heard, Listeners
from crisis_hub.application.ports import Clock
from crisis_hub.domain.events import Recorded

_STREAM = "crisis_hub:bell"
_KEPT = 1000
_WAIT_MS = 2000
_ANSWER_SECONDS = 1.0
_AGAIN_SECONDS = 0.5

_log = logging.getLogger(__name__)


class RedisBus:
    """The port `Bus` for many processes; `name` must be this process's own."""

    def __init__(self, url: str, clock: Clock, name: str) -> None:
        self._listeners = Listeners()
        self._clock = clock
        self._name = name
        # No retries inside the library: while it tried, nobody would know that the bell is silent.
        self._out = _client(url, _ANSWER_SECONDS)
        self._in = _client(url, _ANSWER_SECONDS + _WAIT_MS / 1000)
        self._highest = 0
        self._something_to_say = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._troubles = {"send": "", "hear": ""}

    async def ring(self, recorded: Sequence[Recorded]) -> None:
        """Tell everybody in this process now, and the others as soon as Redis takes it."""
        if not recorded:
            return
        self._listeners.tell(recorded)
        self._highest = max(self._highest, recorded[-1].sequence)
        self._something_to_say.set()

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Call `heard` at each ring; returns how to stop."""
        return self._listeners.add(heard)

    async def start(self) -> None:
        """Begin to speak and to hear; returns once the first attempt to hear was made."""
        if self._tasks:
            return
        attempted = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._forever("send", self._send, asyncio.Event()), name="bell out"),
            asyncio.create_task(self._forever("hear", self._hear, attempted), name="bell in"),
        ]
        await attempted.wait()

    async def close(self) -> None:
        """Stop both tasks and let go of Redis."""
        waiting = set(self._tasks)
        while waiting:  # a cancellation that meets one of the library's own time-outs is lost on Python 3.11
            for task in waiting:
                task.cancel()
            _, waiting = await asyncio.wait(waiting, timeout=0.1)
        self._tasks = []
        await self._out.aclose()
        await self._in.aclose()

    def trouble(self) -> str:
        """Return a sentence when other processes cannot be reached, else an empty string."""
        return self._troubles["send"] or self._troubles["hear"]

    async def _forever(
        self, way: str, act: Callable[[asyncio.Event], Awaitable[None]], attempted: asyncio.Event
    ) -> None:
        """Do something that runs until Redis fails, and begin again a little later."""
        while True:
            try:
                await act(attempted)
            except (RedisError, OSError, TimeoutError) as error:
                if not self._troubles[way]:
                    _log.warning("Redis cannot be reached (%s); the ledger is swept instead", type(error).__name__)
                self._troubles[way] = (
                    "Redis cannot be reached, so other processes hear of changes up to a second later; "
                    "start it, or check REDIS_URL"
                )
            attempted.set()
            await self._clock.sleep(_AGAIN_SECONDS)

    async def _send(self, _: asyncio.Event) -> None:
        said: Any = self._out.ping()
        await said
        self._troubles["send"] = ""
        while True:
            await self._something_to_say.wait()
            self._something_to_say.clear()
            try:
                await self._out.xadd(
                    _STREAM,
                    {"from": self._name, "sequence": str(self._highest)},
                    maxlen=_KEPT,
                    approximate=True,
                )
            except (RedisError, OSError, TimeoutError):
                self._something_to_say.set()  # said when Redis is back
                raise

    async def _hear(self, attempted: asyncio.Event) -> None:
        last: Any = await self._in.xrevrange(_STREAM, count=1)
        after = last[0][0] if last else "0-0"
        was_deaf = bool(self._troubles["hear"])
        self._troubles["hear"] = ""
        attempted.set()
        if was_deaf:
            self._listeners.tell(())  # whatever was said meanwhile is in the ledger
        while True:
            heard: Any = await self._in.xread({_STREAM: after}, block=_WAIT_MS)
            for _, entries in heard or ():
                after = entries[-1][0]
                if any(said.get("from") != self._name for _, said in entries):
                    self._listeners.tell(())


def _client(url: str, seconds: float) -> Redis:
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=seconds,
        socket_connect_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
