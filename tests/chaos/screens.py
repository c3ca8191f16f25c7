"""A supervisor's screen on a hub's live board: takes the snapshot, then every numbered change, and notices a gap."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.chaos.outside import Outside


class Screen:
    """What one connected screen shows."""

    def __init__(self) -> None:
        self.sequence = 0
        self.first = 0
        self.cases: dict[str, Any] = {}
        self.gaps: list[str] = []
        self.changes: list[tuple[int, str]] = []

    def hear(self, message: dict[str, Any]) -> None:
        """Take in one message of the live board."""
        sequence = message["sequence"]
        match message["kind"]:
            case "snapshot":
                self.sequence = self.first = sequence
                self.cases = {case["id"]: case for case in message["cases"]}
            case "change":
                if sequence != self.sequence + 1:
                    self.gaps.append(f"{sequence} came after {self.sequence}")
                self.sequence = sequence
                self.changes.append((sequence, message["type"]))
                self._show(message["case"])
            case _:
                if sequence > self.sequence:
                    self.gaps.append(f"a {message['kind']} says {sequence}, and {self.sequence} was the last change")

    def _show(self, case: dict[str, Any] | None) -> None:
        if case is None:
            return
        if case["state"] == "closed":
            self.cases.pop(case["id"], None)
        else:
            self.cases[case["id"]] = case


@asynccontextmanager
async def screen(outside: Outside, hub: str, person: str = "sam") -> AsyncIterator[Screen]:
    """Connect a screen to a hub for as long as the block lasts."""
    shown = Screen()
    async with outside.client.ws_connect(f"{hub}/api/live", headers=outside.bearer(person)) as socket:
        first = await socket.receive_json()
        assert first["kind"] == "snapshot"
        shown.hear(first)

        async def follow() -> None:
            async for message in socket:
                assert message.type is aiohttp.WSMsgType.TEXT, message
                shown.hear(json.loads(message.data))

        following = asyncio.create_task(follow())
        try:
            yield shown
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
