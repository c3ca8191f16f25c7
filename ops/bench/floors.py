"""What this machine can do at best: the smallest servers, which know nothing and send what was ready before.

`http` answers every request with the same answer. `boards` takes web sockets; for each line that comes on any other
connection it writes one ready frame to all of them, and answers with the moment at which it began.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from typing import cast

import uvloop

_ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/xml; charset=utf-8\r\ncontent-length: 69\r\n\r\n"
    b'<?xml version="1.0" encoding="UTF-8"?><Response><Message/></Response>'
)
_UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: of no use here\r\n\r\n"
)


class Answering(asyncio.Protocol):
    """Answers whatever is whole."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer once the request is whole."""
        assert self._transport is not None
        got = self._got = self._got + data
        end = got.find(b"\r\n\r\n")
        if end < 0:
            return
        at = got.find(b"Content-Length: ", 0, end)
        if at > 0 and len(got) < end + 4 + int(got[at + 16 : got.find(b"\r\n", at)]):
            return
        self._got = b""
        self._transport.write(_ANSWER)


class Boards(asyncio.Protocol):
    """Sends one ready frame to everybody."""

    everybody: set[asyncio.Transport] = set()  # noqa: RUF012 - one server, one list
    frame = b""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let it go."""
        if self._transport is not None:
            self.everybody.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Take a board in, or send the frame to all."""
        assert self._transport is not None
        if data.startswith(b"GET "):
            self._transport.write(_UPGRADED)
            self.everybody.add(self._transport)
            return
        begun = time.perf_counter()
        frame = self.frame
        for board in self.everybody:
            board.write(frame)
        self._transport.write(f"{begun}\n".encode())


def frame_of(text: str) -> bytes:
    """Write a text as a web socket's frame."""
    body = text.encode()
    if len(body) < 126:
        return bytes([0x81, len(body)]) + body
    return bytes([0x81, 126]) + len(body).to_bytes(2, "big") + body


async def _serve(kind: str, port: int, size: int) -> None:
    Boards.frame = frame_of('{"kind":"change","sequence":0,"fill":"' + "x" * (size - 41) + '"}')
    made = Answering if kind == "http" else Boards
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    """Read the options and serve."""
    options = argparse.ArgumentParser()
    options.add_argument("--kind", choices=["http", "boards"], required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--size", type=int, default=600)
    given = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(given.kind, given.port, given.size))


if __name__ == "__main__":
    main()
