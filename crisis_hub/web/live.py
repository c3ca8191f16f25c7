"""The live board over a WebSocket: a snapshot, then every change with the ledger's number, without gaps.

A change is written out once, however many watch. Each socket has a bounded queue and a pump of its own: who stops
reading is cut off with a code that makes the screen come back for a new snapshot, and holds up nobody else. What
somebody may not see is sent as the bare number, so that the count stays whole.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from crisis_hub.application import rights
from crisis_hub.application.board import Change
from crisis_hub.application.door import NotSignedIn, SignedIn
from crisis_hub.web import views
from crisis_hub.web.auth import parts_of, same_origin, token_of
from crisis_hub.web.parts import Parts

HEARTBEAT_SECONDS = 4.0
SIGNED_OUT, TOO_SLOW, FOREIGN = 4401, 4408, 4403

_LONGEST_QUEUE = 2000
"""Changes that may wait for one screen; at a busy night's rate that is minutes, so who is further behind is gone."""


@dataclass(slots=True, eq=False)
class Screen:
    """One connected screen."""

    who: SignedIn
    token: str
    waiting: deque[str] = field(default_factory=deque)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    cut: int = 0

    def put(self, message: str) -> None:
        """Queue a message; a queue that is full cuts the screen off."""
        if len(self.waiting) >= _LONGEST_QUEUE:
            self.cut = TOO_SLOW
        else:
            self.waiting.append(message)
        self.bell.set()


class Live:
    """Everybody who watches, in this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._screens: set[Screen] = set()
        self._last_service = b""
        self._stop = parts.board.watch(self._changed)

    def close(self) -> None:
        """Stop watching the board."""
        self._stop()

    @property
    def count(self) -> int:
        """Return how many screens are connected."""
        return len(self._screens)

    async def refresh(self) -> None:
        """Tell every screen when the figures, the people on call or the troubles have changed."""
        if not self._screens:
            return
        message = self._service_message()
        if message == self._last_service:
            return
        self._last_service = message
        text = message.decode()
        for screen in self._screens:
            if rights.sees_board(screen.who.person):
                screen.put(text)

    async def serve(self, socket: WebSocket) -> None:
        """Serve one screen until it goes, is cut off, or its person may no longer see."""
        if not same_origin(socket):
            await socket.close(FOREIGN)
            return
        try:
            token, _ = token_of(socket)
            who = await self._parts.door.who(token)
        except NotSignedIn:
            await socket.accept()
            await socket.close(SIGNED_OUT)
            return
        await socket.accept()
        screen = Screen(who, token)
        self._begin(screen, _after(socket))
        self._screens.add(screen)
        self._parts.service.came(who.person.id)
        try:
            await self._attend(socket, screen)
        finally:
            self._screens.discard(screen)
            self._parts.service.left(who.person.id)

    def _begin(self, screen: Screen, after: int | None) -> None:
        """Queue what the screen missed, or a snapshot; in the same breath as it begins to hear changes."""
        missed = self._parts.board.changes_after(after) if after is not None else None
        if missed is None:
            screen.put(self._snapshot(screen))
            return
        for change in missed:
            screen.put(self._written(change)[rights.sees_board(screen.who.person)])
        screen.put(self._heartbeat())

    async def _attend(self, socket: WebSocket, screen: Screen) -> None:
        pump = asyncio.create_task(self._pump(socket, screen))
        heart = asyncio.create_task(self._beat(screen))
        ears = asyncio.create_task(_until_gone(socket))
        try:
            await asyncio.wait({pump, ears}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (pump, heart, ears):
                task.cancel()
            await asyncio.gather(pump, heart, ears, return_exceptions=True)
        if screen.cut:
            with contextlib.suppress(RuntimeError):
                await socket.close(screen.cut)

    async def _pump(self, socket: WebSocket, screen: Screen) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while not screen.cut:
                while screen.waiting and not screen.cut:
                    await socket.send_text(screen.waiting.popleft())
                screen.bell.clear()
                if not screen.waiting and not screen.cut:
                    await screen.bell.wait()

    async def _beat(self, screen: Screen) -> None:
        """Say now and then that the line is alive, and look whether the session still is."""
        while True:
            await self._parts.clock.sleep(HEARTBEAT_SECONDS)
            try:
                screen.who = await self._parts.door.who(screen.token)
            except NotSignedIn:
                screen.cut = SIGNED_OUT
                screen.bell.set()
                return
            screen.put(self._heartbeat())

    # --------------------------------------------------------------------------------- what is said

    def _changed(self, change: Change) -> None:
        if not self._screens:
            return
        written = self._written(change)
        for screen in self._screens:
            screen.put(written[rights.sees_board(screen.who.person)])

    def _written(self, change: Change) -> tuple[str, str]:
        """Return the change for those who may not see cases, and for those who may."""
        head = f'{{"kind":"change","sequence":{change.sequence},"type":"{type(change.recorded.fact).__name__}","case":'
        if change.case is None:
            return head + "null}", head + "null}"
        return head + "null}", head + views.case_out(change.case, change.sequence).model_dump_json() + "}"

    def _snapshot(self, screen: Screen) -> str:
        parts = self._parts
        sees = rights.sees_board(screen.who.person)
        picture = {
            "kind": "snapshot",
            "sequence": parts.board.sequence,
            "at": parts.clock.now(),
            "cases": [case.model_dump(mode="json") for case in views.cases_out(parts.board)] if sees else [],
            "on_call": [views.on_call_out(x).model_dump(mode="json") for x in parts.service.on_call()],
            "service": views.service_out(parts.service, parts.place).model_dump(mode="json"),
        }
        return orjson.dumps(picture).decode()

    def _service_message(self) -> bytes:
        parts = self._parts
        return orjson.dumps(
            {
                "kind": "service",
                "sequence": parts.board.sequence,
                "on_call": [views.on_call_out(x).model_dump(mode="json") for x in parts.service.on_call()],
                "service": views.service_out(parts.service, parts.place).model_dump(mode="json"),
            }
        )

    def _heartbeat(self) -> str:
        at = self._parts.clock.now().isoformat()
        return f'{{"kind":"heartbeat","sequence":{self._parts.board.sequence},"at":"{at}"}}'


async def live(socket: WebSocket) -> None:
    """Serve one screen."""
    feed = socket.app.state.live
    assert isinstance(feed, Live)
    await feed.serve(socket)


def _after(socket: WebSocket) -> int | None:
    value = socket.query_params.get("after", "")
    return int(value) if value.isdigit() else None


async def _until_gone(socket: WebSocket) -> None:
    """Read until the screen goes; it has nothing to say, and what it says is not kept."""
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
