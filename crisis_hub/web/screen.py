"""One connected screen: a bounded queue, and a pump of its own, so that who stops reading holds up nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Coroutine

from starlette.websockets import WebSocket, WebSocketDisconnect

from crisis_hub.application.door import SignedIn

log = logging.getLogger(__name__)

SIGNED_OUT, COME_AGAIN, FOREIGN, TRY_LATER, BROKEN = 4401, 4408, 4403, 1013, 1011
"""Why a socket is closed. `COME_AGAIN` asks for a new snapshot: they read too slowly, or may see something else now."""

LONGEST_QUEUE = 2000
"""Changes that may wait for one screen; at a busy night's rate that is minutes, so who is further behind is gone."""

_GOODBYE_SECONDS = 2.0
"""How long a screen that reads nothing may take to hear why it was cut off."""


class Screen:
    """One screen and what waits to be sent to it."""

    def __init__(self, socket: WebSocket, who: SignedIn, token: str) -> None:
        self.who = who
        self.token = token
        self._socket = socket
        self._waiting: deque[str] = deque()
        self._bell = asyncio.Event()
        self._over = asyncio.Event()
        self._code = 0

    def put(self, message: str) -> None:
        """Queue a message; a queue that is full cuts the screen off."""
        if len(self._waiting) >= LONGEST_QUEUE:
            self.cut(COME_AGAIN)
        else:
            self._waiting.append(message)
            self._bell.set()

    def cut(self, code: int) -> None:
        """End it, and send nothing more, whatever still waits."""
        self._code = self._code or code
        self._waiting.clear()
        self._over.set()

    async def attend(self, heart: Coroutine[None, None, None]) -> None:
        """Send what is put until the screen goes or is cut off, with `heart` beating beside."""
        beating = asyncio.create_task(heart)
        tasks = [beating, *map(asyncio.create_task, (self._pump(), self._hear(), self._wait_for_the_end()))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if beating.done() and (broke := beating.exception()):
                log.error("the heart of a screen stopped", exc_info=broke)
                self.cut(BROKEN)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._code:
            await close(self._socket, self._code)

    async def _pump(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                while self._waiting:
                    await self._socket.send_text(self._waiting.popleft())
                self._bell.clear()
                await self._bell.wait()

    async def _hear(self) -> None:
        """Read until the screen goes; it has nothing to say, and what it says is not kept."""
        while (await self._socket.receive())["type"] != "websocket.disconnect":
            pass

    async def _wait_for_the_end(self) -> None:
        await self._over.wait()


async def close(socket: WebSocket, code: int) -> None:
    """Say goodbye, without waiting long for somebody who does not listen."""
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            await socket.close(code)
