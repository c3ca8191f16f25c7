"""Three values: yes, no, and unknown, which is neither; and broken, which calls a person.

A condition is anything that judges facts. How it was written (one line of CEL) is known only to the room that read
the file. Clauses put conditions together by Kleene's tables: "no" decides an `all`, "yes" decides an `any`, and what
is unknown stays unknown. A broken condition is never silently absorbed: it is reported whatever the others say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Value = str | float | int | bool | Sequence[str]


class Truth(StrEnum):
    """How something was judged."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a condition said, what it saw of the facts, and, when it broke, why."""

    truth: Truth
    saw: tuple[tuple[str, Value], ...] = ()
    error: str = ""


class Condition(Protocol):
    """One line that judges facts."""

    @property
    def text(self) -> str:
        """Return the line as it was written."""

    @property
    def names(self) -> frozenset[str]:
        """Return the facts that it looks at."""

    def judge(self, facts: Mapping[str, Value]) -> Judged:
        """Judge the facts; never raises."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One condition of a clause, judged: its path in the file, its text, and what it said."""

    path: str
    text: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a clause says as a whole, and what each of its conditions saw."""

    truth: Truth
    trace: tuple[Traced, ...]

    def broken(self) -> Iterator[Traced]:
        """Return the conditions that could not be judged."""
        return (traced for traced in self.trace if traced.judged.truth is Truth.BROKEN)

    def missing(self) -> Iterator[Traced]:
        """Return the conditions that wait for an answer."""
        return (traced for traced in self.trace if traced.judged.truth is Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Clause:
    """Conditions and clauses put together: `how` is all, any or not (of exactly one)."""

    how: str
    parts: tuple[Condition | Clause, ...]

    def judge(self, facts: Mapping[str, Value], path: str = "when") -> Verdict:
        """Judge every part, so that the trace is whole, then put them together."""
        truths: list[Truth] = []
        trace: list[Traced] = []
        for number, part in enumerate(self.parts, start=1):
            here = f"{path}, {self.how}, {number} of {len(self.parts)}"
            if isinstance(part, Clause):
                verdict = part.judge(facts, here)
                truths.append(verdict.truth)
                trace.extend(verdict.trace)
            else:
                judged = judge_safely(part, facts)
                truths.append(judged.truth)
                trace.append(Traced(here, part.text, judged))
        return Verdict(_combine(self.how, truths), tuple(trace))

    def names(self) -> frozenset[str]:
        """Return every fact that any part looks at."""
        return frozenset[str]().union(
            *(part.names() if isinstance(part, Clause) else part.names for part in self.parts)
        )

    def conditions(self) -> Iterator[Condition]:
        """Return every condition, in the order in which they were written."""
        for part in self.parts:
            if isinstance(part, Clause):
                yield from part.conditions()
            else:
                yield part


def judge_safely(condition: Condition, facts: Mapping[str, Value]) -> Judged:
    """Judge one condition; whatever it throws makes it broken, so that one rule can never stop the others."""
    try:
        return condition.judge(facts)
    except Exception as problem:  # noqa: BLE001 - around each single condition, and it becomes a fact
        return Judged(Truth.BROKEN, (), f"{type(problem).__name__}: {problem}")


def _combine(how: str, truths: list[Truth]) -> Truth:
    if how == "not":
        return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(truths[0], truths[0])
    deciding = Truth.NO if how == "all" else Truth.YES
    if deciding in truths:
        return deciding
    if Truth.BROKEN in truths:
        return Truth.BROKEN
    if Truth.UNKNOWN in truths:
        return Truth.UNKNOWN
    return Truth.YES if how == "all" else Truth.NO
