"""Rules for shifts: nobody in two places at once, rest between two shifts, no shift without end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from crisis_hub.domain.events import Stint

_USUAL_REST = timedelta(hours=8)
_AWAKE = timedelta(hours=24)
"""Shifts up to this long are worked through; longer ones are stood by, and their rest lies inside them."""


class Breach(StrEnum):
    """Which rule would be broken."""

    TWO_AT_ONCE = "two_at_once"
    TOO_LITTLE_REST = "too_little_rest"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class ShiftRules:
    """What the people of a rota ask for: the least rest between two shifts, and the longest time on call at a stretch.

    Nothing is asked for where nothing is set; nobody can be on call twice at once in any case.
    """

    rest: timedelta | None = None
    longest: timedelta | None = None

    @property
    def reach(self) -> timedelta:
        """Return how far around a shift others can matter."""
        return max(self.rest or _USUAL_REST, self.longest or timedelta(), _USUAL_REST)


NO_RULES = ShiftRules()


@dataclass(frozen=True, slots=True)
class Held:
    """A span for which somebody is on call on a rota."""

    rota: str
    stint: Stint


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that speaks against somebody taking a shift; only what is `forbidden` stands in the way."""

    breach: Breach
    forbidden: bool
    held: Stint
    rota: str
    hours: float


def objections(rules: ShiftRules, wanted: Stint, held: Iterable[Held]) -> tuple[Objection, ...]:
    """Return what speaks against taking a shift beside all the others that somebody has."""
    others = sorted(held, key=lambda one: (one.stint.start, one.stint.end))
    at_once = [
        Objection(Breach.TWO_AT_ONCE, True, one.stint, one.rota, 0.0) for one in others if one.stint.meets(wanted)
    ]
    if at_once:
        return tuple(at_once)
    return (*_rest(rules, wanted, others), *_length(rules, wanted, others))


def _rest(rules: ShiftRules, wanted: Stint, others: list[Held]) -> Iterable[Objection]:
    before = max((one for one in others if one.stint.end <= wanted.start), key=lambda x: x.stint.end, default=None)
    after = min((one for one in others if one.stint.start >= wanted.end), key=lambda x: x.stint.start, default=None)
    for one, free in (
        (before, wanted.start - before.stint.end if before else None),
        (after, after.stint.start - wanted.end if after else None),
    ):
        if one is None or free is None:
            continue
        if rules.rest is not None:
            if free < rules.rest:
                yield Objection(Breach.TOO_LITTLE_REST, True, one.stint, one.rota, _hours(free))
        elif free < _USUAL_REST and _length_of(wanted) <= _AWAKE and _length_of(one.stint) <= _AWAKE:
            yield Objection(Breach.TOO_LITTLE_REST, False, one.stint, one.rota, _hours(free))


def _length(rules: ShiftRules, wanted: Stint, others: list[Held]) -> Iterable[Objection]:
    """Object to a time on call that becomes too long together with what touches it on both sides."""
    start, end = wanted.start, wanted.end
    for one in reversed(others):
        if one.stint.start < start <= one.stint.end:
            start = one.stint.start
    for one in others:
        if one.stint.start <= end < one.stint.end:
            end = one.stint.end
    whole = Stint(start, end)
    if rules.longest is not None and _length_of(whole) > rules.longest:
        yield Objection(Breach.TOO_LONG, True, whole, "", _hours(_length_of(whole)))


def _length_of(stint: Stint) -> timedelta:
    return stint.end - stint.start


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 2)
