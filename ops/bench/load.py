"""The load generator, a process of its own: so many connections, each with one request under way at a time.

Raw sockets and requests written out beforehand, so that it costs little beside the server. Every answer is looked at.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from typing import cast

import uvloop

from ops.bench.helper import Data, Trouble, serve_lines
from ops.bench.texts import OPENING, Text, texts

_PATIENCE_SECONDS = 20.0


class Run:
    """What is asked of the callers together, and what came of it."""

    def __init__(self, requests: list[Text], callers: int, seconds: float, warm: float) -> None:
        self._requests = requests
        self._left = iter(range(len(requests)))
        self._callers = callers
        self._seconds = seconds
        self._warm_until = time.perf_counter() + warm
        self._until = float("inf")
        self.over = asyncio.Event()
        self.trouble = ""
        self.times: dict[bool, list[float]] = {True: [], False: []}
        self.first = self.last = 0.0
        self.answered = 0

    def next(self) -> int | None:
        """Return the place of the next request, or none when it is over."""
        now = time.perf_counter()
        place = next(self._left, None) if now < self._until else None
        if not self.first and place is not None and place >= OPENING and now >= self._warm_until:
            self.first, self._until = now, now + self._seconds
        if place is None:
            self._callers -= 1
            if self._callers == 0:
                self.over.set()
        return place

    def bytes_of(self, place: int) -> bytes:
        """Return a request."""
        return self._requests[place].request

    def took(self, place: int, begun: float) -> None:
        """Note how long a request took; those that only warm up do not count."""
        self.answered += 1
        if self.first and begun >= self.first:
            self.last = time.perf_counter()
            self.times[self._requests[place].opens].append(self.last - begun)

    def fail(self, why: str) -> None:
        """End the run."""
        self.trouble = self.trouble or why
        self.over.set()


class Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._place = 0
        self._begun = 0.0
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up when it was not us who ended it."""
        if not self._run.over.is_set():
            self._run.fail("The server hung up.")

    def data_received(self, data: bytes) -> None:
        """Go on to the next request once the answer is whole."""
        got = self._got = self._got + data
        end = got.find(b"\r\n\r\n")
        if end < 0:
            return
        at = got.find(b"content-length: ", 0, end)
        length = int(got[at + 16 : got.find(b"\r\n", at)]) if at > 0 else 0
        if len(got) < end + 4 + length:
            return
        self._got = b""
        if not got.startswith(b"HTTP/1.1 200"):
            self._run.fail(f"The server answered: {got[:200]!r}")
            return
        self._run.took(self._place, self._begun)
        self._send()

    def _send(self) -> None:
        place = self._run.next()
        if place is None:
            return
        assert self._transport is not None
        self._place = place
        request = self._run.bytes_of(place)
        self._begun = time.perf_counter()
        self._transport.write(request)


async def drive(port: int, requests: list[Text], connections: int, seconds: float, warm: float) -> Run:
    """Let so many callers ask for so long."""
    loop = asyncio.get_running_loop()
    run = Run(requests, connections, seconds, warm)
    transports = [(await loop.create_connection(lambda: Caller(run), "127.0.0.1", port))[0] for _ in range(connections)]
    try:
        await asyncio.wait_for(run.over.wait(), seconds + warm + _PATIENCE_SECONDS)
    finally:
        run.over.set()
        for transport in transports:
            transport.close()
    return run


def _prepared(first: int, count: int, again: int) -> Iterator[Text]:
    batch = list(texts(first, count))
    for _ in range(again):
        yield from batch


def _answer(what: Data) -> Data:
    requests = list(_prepared(what["first"], what["count"], what.get("again", 1)))
    gc.collect()
    gc.freeze()
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        run = runner.run(drive(what["port"], requests, what["connections"], what["seconds"], what["warm"]))
    if run.trouble:
        raise Trouble(run.trouble)
    return {"answered": run.answered, "seconds": run.last - run.first, "new": run.times[True], "open": run.times[False]}


if __name__ == "__main__":
    serve_lines(_answer)
