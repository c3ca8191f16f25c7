"""A wire to a server on loopback that can be cut where it hurts most."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """Hands bytes on in both directions.

    `cut_on` names the words from the client at which the wire is cut: before the server hears them, or after it
    did, so that only the answer is lost. `hold` lets nothing through any more, and closes nothing.
    """

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.url = ""
        self.cut_on = b""
        self.server_hears = False
        self.hold = False
        self.cuts = 0

    async def __aenter__(self) -> Wire:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        host = f"{self._target.username}@127.0.0.1:{port}"
        self.url = urlunsplit(self._target._replace(netloc=host))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._writers += [writer, there[1]]
        for source, target, ours in ((reader, there[1], True), (there[0], writer, False)):
            task = asyncio.create_task(self._carry(source, target, (writer, there[1]), from_client=ours))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        both: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        from_client: bool,
    ) -> None:
        client, server = both
        with suppress(OSError):
            while data := await source.read(65536):
                if self.hold:
                    continue
                if from_client and self.cut_on and self.cut_on in data:
                    self.cuts += 1
                    self.cut_on = b""
                    client.transport.abort()
                    if not self.server_hears:
                        server.transport.abort()
                        return
                target.write(data)
                await target.drain()
        target.close()
