"""A fair plan for an empty roster: every slot to one person, so that what weighs lies evenly on all.

The heaviest slots are given first (or, where people ask for rest between shifts, one after the other), each to whoever
carries least of that kind; then single slots are moved as long as this makes it more even. The same question gets the
same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from crisis_hub.domain.errors import Wrong
from crisis_hub.domain.events import Stint
from crisis_hub.domain.fairness import Kind, Load, load_of, marks_of
from crisis_hub.domain.turns import Rhythm, Turn, turns_between
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import NO_HOLIDAYS, Holidays

MOST_SLOTS = 1000
"""Whoever wants more planned than this asks for a shorter span."""

_WEIGHT = {Kind.HOLIDAY: 40.0, Kind.WEEKEND: 20.0, Kind.NIGHT: 10.0}
_HOUR = timedelta(hours=1)
_AWAY, _TIRED, _CLOSE = 1e9, 1e5, 30.0
"""What it costs to plan somebody who is away, who has too little rest, or whose last shift was hardly over."""

_ROUNDS = 6

Away = Mapping[PersonId, Sequence[Stint]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be planned: for whom, when hands are changed, in which zone, and how long people rest at least."""

    people: tuple[PersonId, ...]
    rhythm: Rhythm
    timezone: str
    rest: timedelta = timedelta()
    holidays: Holidays = NO_HOLIDAYS


@dataclass(frozen=True, slots=True)
class Planned:
    """One slot, and who would have it."""

    person: PersonId
    stint: Stint


@dataclass(frozen=True, slots=True)
class Plan:
    """Every slot in its order, and what each person would carry."""

    shifts: tuple[Planned, ...]
    load: tuple[Load, ...]


@dataclass(slots=True)
class _Slot:
    stint: Stint
    weight: Mapping[Kind, int]
    hours: float
    person: int = -1


def slots(wanted: Wanted, start: datetime, end: datetime) -> Iterator[Stint]:
    """Yield the spans between two instants that one person has without a hand-over."""
    for held in turns_between(wanted.rhythm, ZoneInfo(wanted.timezone), start, end):
        stint = Stint(max(held.start, start), min(held.end, end))
        if stint.start < stint.end:
            yield stint


def propose(wanted: Wanted, start: datetime, end: datetime, away: Away | None = None) -> Plan:
    """Return a fair plan between two instants, an empty one with nobody to plan; raise `Wrong` for too long a span."""
    if not wanted.people:
        return Plan((), ())
    found = [*islice(slots(wanted, start, end), MOST_SLOTS + 1)]
    if len(found) > MOST_SLOTS:
        raise Wrong("to", f"These are more than {MOST_SLOTS} shifts. Ask for a shorter span.")
    table = _Table(wanted, found, away or {})
    # Rest lies between neighbours, so with rest to be kept they are given out one after the other.
    heaviest = sorted(table.slots, key=lambda one: (-_heaviness(one), one.stint.start))
    for slot in table.slots if wanted.rest else heaviest:
        table.give(slot, table.best(slot))
    for _ in range(_ROUNDS):
        if not table.improve():
            break
    planned = tuple(Planned(wanted.people[slot.person], slot.stint) for slot in table.slots)
    held = {p: [(one.stint, wanted.timezone) for one in planned if one.person == p] for p in wanted.people}
    return Plan(planned, tuple(load_of(p, held[p], wanted.holidays) for p in wanted.people))


def usual(turn: Turn = Turn.DAILY, length: int = 1, start: datetime | None = None) -> Rhythm:
    """Return a rhythm to plan with where a rota has none: a hand-over every day at 08:00."""
    return Rhythm(turn, length, start or datetime(2026, 1, 5, 8))  # noqa: DTZ001 - on a wall


class _Table:
    """The slots, and how much of everything each person carries so far."""

    def __init__(self, wanted: Wanted, stints: Sequence[Stint], away: Away) -> None:
        self._count = len(wanted.people)
        self._rest = wanted.rest
        self._away = [away.get(person, ()) for person in wanted.people]
        self._hours = [0.0] * self._count
        self._marks = [dict.fromkeys(Kind, 0) for _ in wanted.people]
        self._number = {stint: number for number, stint in enumerate(stints)}
        self.slots = [_slot(stint, wanted) for stint in stints]

    def give(self, slot: _Slot, person: int) -> None:
        """Give a slot to somebody, or to somebody else than before."""
        for who, sign in ((slot.person, -1), (person, 1)):
            if who >= 0:
                self._hours[who] += sign * slot.hours
                for kind, count in slot.weight.items():
                    self._marks[who][kind] += sign * count
        slot.person = person

    def best(self, slot: _Slot) -> int:
        """Return who should have it: whoever it makes least uneven."""
        return min(range(self._count), key=lambda person: (self._cost(slot, person), person))

    def improve(self) -> bool:
        """Move slots to others where this makes it more even; say whether any was moved."""
        moved = False
        for slot in self.slots:
            before = slot.person
            self.give(slot, -1)
            better = self.best(slot)
            keep = self._cost(slot, before) <= self._cost(slot, better) + 1e-9
            self.give(slot, before if keep else better)
            moved = moved or not keep
        return moved

    def _cost(self, slot: _Slot, person: int) -> float:
        """Return how much worse it gets: squares of what is carried, so that the last ounce weighs most."""
        hours = self._hours[person]
        cost = ((hours + slot.hours) ** 2 - hours**2) / max(slot.hours, 0.01) / 100
        for kind, count in slot.weight.items():
            carried = self._marks[person][kind]
            cost += _WEIGHT[kind] * ((carried + count) ** 2 - carried**2)
        if any(slot.stint.meets(stint) for stint in self._away[person]):
            cost += _AWAY
        return cost + self._tired(slot, person)

    def _tired(self, slot: _Slot, person: int) -> float:
        number, cost = self._number[slot.stint], 0.0
        for step in (-1, 1):
            near = number + step
            while 0 <= near < len(self.slots):
                free = self._free(self.slots[near].stint, slot.stint)
                if free >= max(self._rest, _HOUR):
                    break
                if self.slots[near].person == person:
                    cost += _TIRED if self._rest else _CLOSE
                near += step
        return cost

    @staticmethod
    def _free(one: Stint, other: Stint) -> timedelta:
        return max(one.start, other.start) - min(one.end, other.end)


def _slot(stint: Stint, wanted: Wanted) -> _Slot:
    marks = marks_of([(stint, wanted.timezone)], wanted.holidays)
    weight = {kind: sum(one is kind for one, _ in marks) for kind in Kind}
    return _Slot(stint, {k: n for k, n in weight.items() if n}, (stint.end - stint.start) / _HOUR)


def _heaviness(slot: _Slot) -> float:
    return slot.hours + sum(_WEIGHT[kind] * count for kind, count in slot.weight.items())
