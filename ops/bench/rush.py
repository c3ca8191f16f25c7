"""Figure 7: a rule fires; the request for the page reaches the carrier, when many fire at once."""

from __future__ import annotations

import json
import time

from ops.bench.asking import Line
from ops.bench.helper import Trouble, free_port, started, wait_for
from ops.bench.report import Aim, Figure, Row, at, spread

LATENCY = 0.1
"""How long the carrier takes to answer, in seconds."""

_SIZES, _SHORT = (1, 10, 100, 1000), (1, 10, 100)
_TIMES = {1: 20, 10: 5, 100: 2}
_POISSON_SECONDS = 5.0
"""How long the pages of a Poisson run take to come: so many in five seconds, as by chance."""
_PATIENCE_SECONDS = 240.0
_BY_DESIGN = (
    "by design, from the open peers' own constants (not measured here): 0 to 5 s (a loop every 5 s),",
    "at least 10 s (a fixed delay before the first step), 0 to 60 s (a loop every 60 s).",
    "Measured from the answer by which a rule pages (decision and commit included) to the first byte of the first",
    "request at the carrier; each page goes to another person, by text and by call.",
)


class Rush:
    """A hub with many people, and a carrier."""

    def __init__(self, hub: int, carrier: int) -> None:
        self._hub, self._carrier = Line(hub), Line(carrier)

    def play(self, count: int, per_second: float) -> tuple[list[float], float]:
        """Return how long each page took to its first request, and how long until the last request of all."""
        cases = json.loads(self._hub.ask("GET", f"/bench/cases?count={count}", None, {}))
        asked = json.loads(
            self._hub.ask("GET", f"/bench/rush?per_second={per_second}&cases={','.join(cases)}", None, {})
        )
        arrived: dict[str, list[float]] = {}
        until = time.perf_counter() + _PATIENCE_SECONDS
        while any(len(arrived.get(case, ())) < 2 for case in cases):
            if time.perf_counter() > until:
                raise Trouble("The carrier did not get all pages.")
            time.sleep(0.05)
            for case, when in json.loads(self._carrier.ask("POST", "/bench/arrivals", None, {})):
                arrived.setdefault(case, []).append(when)
        first = [min(arrived[case]) - asked[case] for case in cases]
        last = max(max(arrived[case]) for case in cases) - min(asked.values())
        return first, last


def measure(*, whole: bool) -> Figure:
    """Measure bursts and Poisson arrivals of 1, 10, 100 and, in the long run, 1,000 pages."""
    rows: list[Row] = []
    p99_at_100 = 0.0
    for count in _SIZES if whole else _SHORT:
        for name, per_second in (("burst", 0.0), ("Poisson", count / _POISSON_SECONDS)):
            if count == 1 and per_second:
                continue
            found, last = _fresh(count, per_second)
            rows.append(_row(f"{count} at once, {name}" if not per_second else f"{count} in 5 s, {name}", found, last))
            if (count, name) == (100, "burst"):
                p99_at_100 = at(0.99, found)
    aims = (Aim("100 pages at once, p99", p99_at_100, 1.0, unit=" s"),)
    return Figure(
        "7. Rule fires → request at the carrier, which answers in 100 ms", "ms", tuple(rows), aims, _BY_DESIGN
    )


def _fresh(count: int, per_second: float) -> tuple[list[float], float]:
    """Play in a new hub, so that what ran before waits in nobody's way."""
    hub, carrier = free_port(), free_port()
    found: list[float] = []
    last = 0.0
    with (
        started("carrier", port=carrier, hub=hub, latency=LATENCY),
        started("hub", port=hub, carrier=f"http://127.0.0.1:{carrier}", people=1000),
    ):
        wait_for(hub)
        wait_for(carrier, "/sim")
        rush = Rush(hub, carrier)
        rush.play(3, 0.0)  # the first ever are slower: connections are made, and code is read
        for _ in range(_TIMES.get(count, 1)):
            more, last = rush.play(count, per_second)
            found += more
    return found, last


def _row(what: str, found: list[float], last: float) -> Row:
    note = f"p95 {at(0.95, found) * 1000:,.0f}, longest {max(found) * 1000:,.0f}; the last request after {last:.1f} s"
    return spread(what, found, 1000, note)
