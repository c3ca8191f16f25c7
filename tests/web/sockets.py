"""The browser's end of the live board's WebSocket, without a wire in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pydantic import TypeAdapter
from starlette.types import ASGIApp, Message

from crisis_hub.web import schemas as s
from tests.night import Night

LIVE: TypeAdapter[s.LiveMessage] = TypeAdapter(s.LiveMessage)


class Closed(Exception):
    """The socket was closed; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """The browser's end of a WebSocket, without a wire in between."""

    def __init__(self, app: ASGIApp, path: str, headers: Mapping[str, str]) -> None:
        self._app = app
        target, _, query = path.partition("?")
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss",
            "path": target,
            "raw_path": target.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 5),
            "server": ("hub.example.org", 443),
            "subprotocols": [],
            "state": {},
        }
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._reading = asyncio.Event()
        self._reading.set()
        self._task: asyncio.Task[None] | None = None
        self.accepted = False

    def open(self) -> None:
        """Begin."""
        self._to_app.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await self._app(self._scope, self._to_app.get, self._send)

    async def _send(self, message: Message) -> None:
        await self._reading.wait()  # as a server does whose client's window is full
        if message["type"] == "websocket.accept":
            self.accepted = True
        else:
            self._from_app.put_nowait(message)

    def stop_reading(self) -> None:
        """Take in nothing more from now on."""
        self._reading.clear()

    def read_on(self) -> None:
        """Take in again."""
        self._reading.set()

    def say(self, words: str | bytes) -> None:
        """Say something to the server."""
        kind = "text" if isinstance(words, str) else "bytes"
        self._to_app.put_nowait({"type": "websocket.receive", kind: words})

    async def heard(self) -> s.LiveMessage:
        """Return the next message, in the shape that was promised."""
        return LIVE.validate_json(await self.raw(), extra="forbid")

    async def raw(self) -> str:
        """Return the next message as it came; raise `Closed` when there is none any more."""
        async with asyncio.timeout(5):
            message = await self._from_app.get()
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        text: str = message["text"]
        return text

    async def all_so_far(self) -> list[s.LiveMessage]:
        """Return everything that has come."""
        for _ in range(50):
            await asyncio.sleep(0)  # noqa: TID251 - lets the pump run
        return [await self.heard() for _ in range(self._from_app.qsize())]

    async def changes(self) -> list[s.Change]:
        """Return the changes that have come."""
        return [message for message in await self.all_so_far() if isinstance(message, s.Change)]

    async def leave(self) -> None:
        """Close the window."""
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1001})
        self.read_on()
        if self._task is not None:
            async with asyncio.timeout(5):
                await self._task

    async def server_is_done(self) -> None:
        """Wait until the server has let go of it, whatever was read."""
        assert self._task is not None
        async with asyncio.timeout(5):
            await asyncio.wait([self._task])


@asynccontextmanager
async def screen(tonight: Night, who: str, after: int | None = None, **headers: str) -> AsyncIterator[Socket]:
    """Somebody's screen, connected."""
    path = "/api/live" if after is None else f"/api/live?after={after}"
    sent = {"host": "hub.example.org", **await tonight.sign_in(who), **headers}
    socket = Socket(tonight.house.app, path, sent)
    socket.open()
    try:
        yield socket
    finally:
        with contextlib.suppress(Closed):
            await socket.leave()


async def code_of(socket: Socket) -> int:
    """Read until the server closes, and return why it did."""
    while True:
        try:
            await socket.raw()
        except Closed as closed:
            return closed.code
