"""Five hundred live boards in a process of its own: raw sockets that read frames and note when each change was there.

A change counts as received once the last board has it.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from typing import cast

import uvloop

from ops.bench.helper import Data, Trouble, serve_lines

_CHANGE = b'{"kind":"change"'
_PATIENCE_SECONDS = 30.0
_SNAPSHOT_SECONDS = 0.5
"""Until every board has read its first picture."""


class Room:
    """All boards together."""

    def __init__(self, boards: int) -> None:
        self.boards = boards
        self.open = 0
        self.changes: list[int] = []
        self.last: list[float] = []
        self.size = 0
        self.closing = False
        self.trouble = ""

    def seen(self, number: int, size: int) -> None:
        """Note that one more board has the change of this number, counted from 0."""
        if number == len(self.changes):
            self.changes.append(0)
            self.last.append(0.0)
            self.size = size
        self.changes[number] += 1
        if self.changes[number] == self.boards:
            self.last[number] = time.perf_counter()


class Board(asyncio.Protocol):
    """One board."""

    def __init__(self, room: Room, hello: bytes) -> None:
        self._room = room
        self._hello = hello
        self._got = b""
        self._upgraded = False
        self._seen = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the web socket."""
        cast(asyncio.Transport, transport).write(self._hello)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note it: nobody should be cut off."""
        if not self._room.closing:
            self._room.trouble = self._room.trouble or "A board was cut off."

    def data_received(self, data: bytes) -> None:
        """Read every whole frame."""
        got = self._got + data if self._got else data
        if not self._upgraded:
            end = got.find(b"\r\n\r\n")
            if end < 0:
                self._got = got
                return
            if not got.startswith(b"HTTP/1.1 101"):
                self._room.trouble = f"A board was refused: {got[:200]!r}"
            self._upgraded = True
            self._room.open += 1
            got = got[end + 4 :]
        self._got = self._frames(got)

    def _frames(self, got: bytes) -> bytes:
        """Take whole frames off the front, and return what is left."""
        at, there = 0, len(got)
        while there - at >= 2:
            size, begins = got[at + 1], at + 2
            if size == 126:
                size, begins = int.from_bytes(got[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, begins = int.from_bytes(got[at + 2 : at + 10], "big"), at + 10
            if there < begins + size:
                break
            if got.startswith(_CHANGE, begins):
                self._room.seen(self._seen, size)
                self._seen += 1
            at = begins + size
        return got[at:]


class Watching:
    """The boards of one server; they are read all the time, whatever is asked between."""

    def __init__(self) -> None:
        self._room = Room(0)
        self._transports: list[asyncio.BaseTransport] = []

    async def answer(self, what: Data) -> Data:
        """Open the boards, wait until so many changes came, or close."""
        room = self._room
        match what["do"]:
            case "open":
                await self._open(what["port"], what["boards"], what["token"])
                gc.collect()
                gc.freeze()
                gc.disable()
                return {"open": self._room.open}
            case "wait":
                await self._until(lambda: len(room.last) >= what["changes"] and all(room.last[: what["changes"]]))
                return {"last": room.last, "size": room.size}
            case _:
                room.closing = True
                for transport in self._transports:
                    transport.close()
                await asyncio.sleep(0.1)
                return {}

    async def _open(self, port: int, boards: int, token: str) -> None:
        room = self._room = Room(boards)
        hello = (
            "GET /api/live HTTP/1.1\r\nHost: hub.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()
        self._transports = []
        for _ in range(boards):
            transport, _board = await asyncio.get_running_loop().create_connection(
                lambda: Board(room, hello), "127.0.0.1", port
            )
            self._transports.append(transport)
        await self._until(lambda: room.open == boards)
        await asyncio.sleep(_SNAPSHOT_SECONDS)

    async def _until(self, done: Callable[[], bool]) -> None:
        until = time.perf_counter() + _PATIENCE_SECONDS
        while not done():
            if self._room.trouble or time.perf_counter() > until:
                raise Trouble(self._room.trouble or "The boards did not get every change.")
            await asyncio.sleep(0.02)


async def _watch() -> None:
    loop, watching = asyncio.get_running_loop(), Watching()

    def answer(what: Data) -> Data:
        return asyncio.run_coroutine_threadsafe(watching.answer(what), loop).result()

    await asyncio.to_thread(serve_lines, answer)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_watch())
