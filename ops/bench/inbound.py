"""Figure 1: a signed text comes in; it is decided, sealed, durable and answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from ops.bench.helper import Helper, free_port, started, wait_for
from ops.bench.machine import commits
from ops.bench.report import Aim, Figure, Row, at
from ops.bench.texts import OPENING

CONNECTIONS = (1, 16, 64)
SQLITE, MEMORY, SIGNED, FLOOR = "sqlite", "memory", "none", "http"
_WORDS = {
    SQLITE: "hub, SQLite FULL",
    MEMORY: "same, ledger in memory (all but the database)",
    SIGNED: "same route, only signature checked, nothing kept",
    FLOOR: "smallest HTTP server, ready answer",
}
_MOST_A_SECOND = {SQLITE: 4000, MEMORY: 6000, SIGNED: 12000}
_WARM_SECONDS = 0.3


@dataclass(slots=True)
class Level:
    """What was measured of one server at one number of connections, over all rounds."""

    rates: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)
    open: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """Return every time."""
        return self.new + self.open

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return median(self.rates)

    @property
    def p50(self) -> float:
        """Return the median time in milliseconds."""
        return median(self.all) * 1000

    @property
    def p99(self) -> float:
        """Return the 99th percentile in milliseconds: the median of the rounds."""
        return median(self.p99s) * 1000


Levels = dict[tuple[str, int], Level]


def measure(seconds: float, rounds: int) -> Figure:
    """Measure every server at every number of connections, by turns, so that they share what else the machine does."""
    levels: Levels = {(kind, many): Level() for kind in _WORDS for many in CONNECTIONS}
    bare: list[float] = []
    with ExitStack() as stack:
        load = stack.enter_context(started("load"))
        first = 0
        for _ in range(rounds):
            bare += commits(seconds / 2)
            for kind in _WORDS:
                first = _measure_one(load, kind, seconds, first, levels)
    return _figure(levels, bare)


def _measure_one(load: Helper, kind: str, seconds: float, first: int, levels: Levels) -> int:
    port = free_port()
    server = started("floors", kind="http", port=port) if kind == FLOOR else started("hub", store=kind, port=port)
    with server as running:
        wait_for(port)
        for many in CONNECTIONS:
            count = OPENING + int(_MOST_A_SECOND.get(kind, 2000) * (seconds + _WARM_SECONDS))
            again = 20 if kind == FLOOR else 1
            before = running.cpu()
            said = load.ask(
                port=port,
                first=first,
                count=count,
                again=again,
                connections=many,
                seconds=seconds,
                warm=_WARM_SECONDS,
            )
            first += count
            level = levels[kind, many]
            times = said["new"] + said["open"]
            level.rates.append(len(times) / said["seconds"])
            level.p99s.append(at(0.99, times))
            level.cpu.append((running.cpu() - before) / said["answered"])
            level.new += said["new"]
            level.open += said["open"]
    return first


def _figure(levels: Levels, bare: list[float]) -> Figure:
    commit = median(bare) * 1000
    one, many = levels[SQLITE, 1], levels[SQLITE, 16]
    limit = levels[FLOOR, 1].p50 + commit
    aims = (
        Aim("1 connection, p50 / (HTTP floor + bare commit)", one.p50 / limit, 4),
        Aim("16 connections, rate / rate with the ledger in memory", many.rate / levels[MEMORY, 16].rate, 0.4, True),
        Aim("16 connections, p99 / p50", many.p99 / many.p50, 4),
    )
    rows = (
        *_rows(levels),
        Row("bare commit, SQLite WAL FULL, one row of 0.7 kB", 1 / median(bare), commit, at(0.99, bare) * 1000),
    )
    return Figure("1. Signed text in: decided, sealed, durable, answered", "ms", rows, aims)


def _rows(levels: Levels) -> Iterator[Row]:
    for many in CONNECTIONS:
        for kind, words in _WORDS.items():
            level = levels[kind, many]
            note = f"CPU {median(level.cpu) * 1000:.2f} ms each"
            if kind in (SQLITE, MEMORY):
                new, open = median(level.new) * 1000, median(level.open) * 1000
                note += f"; p50 new case {new:.2f}, open case {open:.2f}"
            yield Row(f"{many:>2} conn.: {words}", level.rate, level.p50, level.p99, note)
