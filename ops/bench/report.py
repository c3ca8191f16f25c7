"""What was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured; whatever does not apply is none."""

    what: str
    per_second: float | None = None
    p50: float | None = None
    p99: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim: what was measured, beside what it may be at most (or must be at least)."""

    what: str
    measured: float
    bound: float
    least: bool = False
    unit: str = ""

    @property
    def ratio(self) -> float:
        """Return the measured value as a part of the aim."""
        return self.measured / self.bound

    @property
    def met(self) -> bool:
        """Say whether the aim was met."""
        return self.measured >= self.bound if self.least else self.measured <= self.bound

    def sentence(self) -> str:
        """Return it as a line."""
        side = "at least" if self.least else "at most"
        verdict = "met" if self.met else "NOT MET"
        measured, bound = f"{self.measured:.2f}{self.unit}", f"{self.bound:g}{self.unit}"
        return f"{verdict:<8}{self.what}: {measured}, aim {side} {bound} ({self.ratio:.2f} of the aim)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the issue."""

    title: str
    unit: str
    rows: tuple[Row, ...]
    aims: tuple[Aim, ...] = ()
    notes: tuple[str, ...] = ()


def at(part: float, values: Sequence[float]) -> float:
    """Return the value below which that part of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def spread(what: str, values: Sequence[float], scale: float, note: str = "") -> Row:
    """Return a row of the median and the 99th percentile of values in seconds."""
    return Row(what, None, median(values) * scale, at(0.99, values) * scale, note)


def table(machine: dict[str, str], figures: Iterable[Figure]) -> str:
    """Return everything as one plain table."""
    lines = [f"{name:<12}{value}" for name, value in machine.items()]
    for figure in figures:
        lines += ["", f"{figure.title}"]
        lines.append(f"  {'':<58}{'per second':>11}{'p50 ' + figure.unit:>10}{'p99 ' + figure.unit:>10}")
        lines += [
            f"  {row.what:<58}{_number(row.per_second, 0):>11}{_number(row.p50):>10}{_number(row.p99):>10}"
            + (f"  {row.note}" if row.note else "")
            for row in figure.rows
        ]
        lines += [f"  {aim.sentence()}" for aim in figure.aims]
        lines += [f"  {note}" for note in figure.notes]
    return "\n".join(lines)


def as_data(machine: dict[str, str], figures: Iterable[Figure]) -> dict[str, Any]:
    """Return everything as plain data."""
    return {
        "machine": machine,
        "figures": [
            {
                **asdict(figure),
                "aims": [{**asdict(aim), "ratio": aim.ratio, "met": aim.met} for aim in figure.aims],
            }
            for figure in figures
        ],
    }


def _number(value: float | None, digits: int | None = None) -> str:
    if value is None:
        return ""
    if digits is None:
        digits = 3 if abs(value) < 1 else 2 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}"
