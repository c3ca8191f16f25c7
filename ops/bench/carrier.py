"""The simulated carrier in a process of its own, 10 ms slow, which notes when it accepted each page."""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from urllib.parse import unquote

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.simulator import ASLEEP, Carrier, FaultKind, bound
from ops.bench.scene import LINE, PUBLIC, STAFF

LATENCY = 0.010
_CASE = re.compile(r"case=([0-9a-f]+)&attempt=")


class Accepting:
    """Around the carrier's app: for each page that was accepted, its case and the moment of the answer."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._kept: list[tuple[str, float]] = []
        self._arrived: list[tuple[str, float]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/2010"):
            own = {"/bench/stamps": self._tell, "/bench/arrivals": self._tell_arrivals}
            await own.get(scope.get("path", ""), self._app)(scope, receive, send)
            return
        body, came = b"", time.perf_counter()

        async def heard() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body") and (found := _CASE.search(unquote(body.decode()))):
                self._arrived.append((found[1], came))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 201:
                now = time.perf_counter()
                found = _CASE.search(unquote(body.decode()))
                if found:
                    self._kept.append((found[1], now))
            await send(message)

        await self._app(scope, heard, said)

    async def _tell(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept, self._kept = self._kept, []
        await JSONResponse(kept)(scope, receive, send)

    async def _tell_arrivals(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived, self._arrived = self._arrived, []
        await JSONResponse(arrived)(scope, receive, send)


async def _serve(port: int, hub: int, latency: float) -> None:
    clock = SystemClock()
    carrier = Carrier(clock, RandomIds(clock), reach={PUBLIC: f"http://127.0.0.1:{hub}"})
    carrier.rent(LINE, PUBLIC)
    for one in STAFF:
        carrier.phone(one.reach[0].address, ASLEEP)
    carrier.faults.switch_on(FaultKind.REST_LATENCY, seconds=latency)
    with bound("127.0.0.1", port) as listening:
        config = uvicorn.Config(Accepting(carrier.app), log_level="warning", access_log=False, ws="none")
        await uvicorn.Server(config).serve(sockets=[listening])


def main() -> None:
    """Read the options and serve."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--hub", type=int, required=True)
    options.add_argument("--latency", type=float, default=LATENCY)
    given = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(given.port, given.hub, given.latency))


if __name__ == "__main__":
    main()
