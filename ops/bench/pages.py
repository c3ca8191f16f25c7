"""Figure 2: an answer is stored; the carrier accepts the page, by text and by call."""

from __future__ import annotations

import json
import socket
import time
from base64 import b64encode
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN
from ops.bench.asking import Asker, Line
from ops.bench.helper import Trouble, free_port, started, wait_for
from ops.bench.report import Aim, Figure, spread
from ops.bench.scene import LINE, STAFF

MANY = 100
_WAYS = 2
"""The person on call has two: a text and a call."""
_PATIENCE_SECONDS = 20.0
_RAISES = {"instrument": "asq", "item": "q5", "answer": "yes"}


class Night:
    """A hub and a carrier, and what both noted."""

    def __init__(self, hub: int, carrier: int) -> None:
        self.asker = Asker(hub)
        self._carrier = Line(carrier)
        self._texts = 0
        self._stored: dict[str, float] = {}
        self._accepted: dict[str, list[float]] = {}

    def new_case(self) -> str:
        """Let somebody new write, and return their case."""
        self._texts += 1
        self.asker.text(self._texts, f"+144{self._texts:09d}")
        return self.asker.newest()

    def answer(self, case: str) -> None:
        """Write down the answer that pages the clinician on call."""
        self.asker.ask("POST", f"/api/cases/{case}/answers", _RAISES)

    def stand_down(self, case: str) -> None:
        """Let nobody be looked for any more."""
        self.asker.ask("POST", f"/api/cases/{case}/stand-down", {"reason": "measured"})

    def waited(self, cases: list[str]) -> list[float]:
        """Return, for each case, how long after the answer was stored the last of its pages was accepted."""
        until = time.perf_counter() + _PATIENCE_SECONDS
        while any(len(self._accepted.get(case, ())) < _WAYS for case in cases):
            if time.perf_counter() > until:
                raise Trouble("The carrier did not get all pages.")
            time.sleep(0.02)
            self._look()
        self._look()
        return [max(self._accepted[case][:_WAYS]) - self._stored[case] for case in cases]

    def _look(self) -> None:
        for stream, _, kind, at in self.asker.ask("GET", "/bench/stamps"):
            if kind == "AnswerRecorded":
                self._stored.setdefault(stream, at)
        for case, at in json.loads(self._carrier.ask("POST", "/bench/stamps", None, {})):
            self._accepted.setdefault(case, []).append(at)


def measure(samples: int) -> Figure:
    """Measure pages one at a time, then one at a time beside a hundred that nobody took, then a hundred at once."""
    hub, carrier = free_port(), free_port()
    with (
        started("carrier", port=carrier, hub=hub),
        started("hub", port=hub, carrier=f"http://127.0.0.1:{carrier}", stamps=1),
    ):
        wait_for(hub)
        wait_for(carrier, "/sim")
        night = Night(hub, carrier)
        _alone(night, 5)
        own = _carriers_own(carrier, samples)
        alone = _alone(night, samples)
        burst = _burst(night)
        beside = _alone(night, samples)
        night.asker.close()
    rows = (
        spread("the carrier's own time (10 ms and its work), one request", own, 1000),
        spread("1 open page: stored → text and call both accepted", alone, 1000),
        spread(f"{MANY} open pages: the same for one more", beside, 1000),
        spread(f"{MANY} answers one right after the other", burst, 1000, "200 requests"),
    )
    above = (rows[1].p99 or 0) - median(own) * 1000
    aims = (Aim("1 open page, p99 above the carrier's own time (its median)", above, 50, unit=" ms"),)
    return Figure("2. Answer stored → page accepted by the carrier", "ms", rows, aims)


def _alone(night: Night, samples: int) -> list[float]:
    found = []
    for _ in range(samples):
        case = night.new_case()
        night.answer(case)
        found += night.waited([case])
        night.stand_down(case)
    return found


def _burst(night: Night) -> list[float]:
    """Leave all these pages open."""
    cases = [night.new_case() for _ in range(MANY)]
    for case in cases:
        night.answer(case)
    return night.waited(cases)


def _carriers_own(port: int, samples: int) -> list[float]:
    """Ask the carrier itself for texts, over one raw connection."""
    body = urlencode({"To": STAFF[1].reach[0].address, "From": LINE, "Body": "x" * 100}).encode()
    signed_in = b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    head = (
        f"POST /2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json HTTP/1.1\r\nHost: carrier\r\n"
        f"Authorization: Basic {signed_in}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ask = _asking(one, head.encode() + body)
        return [ask() for _ in range(samples)]


def _asking(one: socket.socket, request: bytes) -> Callable[[], float]:
    def ask() -> float:
        begun = time.perf_counter()
        one.sendall(request)
        got = b""
        while b"}" not in got[-4:]:
            more = one.recv(65536)
            if not more:
                raise Trouble(f"The carrier hung up: {got[:200]!r}")
            got += more
        if not got.startswith(b"HTTP/1.1 201"):
            raise Trouble(f"The carrier answered: {got[:200]!r}")
        return time.perf_counter() - begun

    return ask
