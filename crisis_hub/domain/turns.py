"""Taking turns: hand-overs at equal steps of the wall clock, before and after the one they are counted from.

A shift that begins at 08:00 begins at 08:00 in summer and in winter, so some shifts last an hour more or less than
others. Months are counted from the first start, and a day that a month does not have becomes its last one: from the
31st of January on it is the 28th of February and then the 31st of March, and never drifts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crisis_hub.domain.walls import first_instant, jumps, wall_of

_LONGEST_JUMP = timedelta(days=1)
"""Where a whole day was left out of the calendar, as on islands that changed sides of the date line."""


class Turn(StrEnum):
    """How long a shift is, in what unit."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


_STEPS = {Turn.HOURLY: timedelta(hours=1), Turn.DAILY: timedelta(days=1), Turn.WEEKLY: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Hand-overs every `length` units, counted from `start`, a time of the wall clock."""

    turn: Turn
    length: int
    start: datetime

    def begins(self, number: int) -> datetime:
        """Return the wall-clock time of a hand-over; number 0 is at the start, those before it are negative."""
        if self.turn is Turn.MONTHLY:
            return _months_later(self.start, number * self.length)
        return self.start + number * self.length * _STEPS[self.turn]

    def near(self, wall: datetime) -> int:
        """Return the number of a hand-over not far from a wall-clock time."""
        if self.turn is Turn.MONTHLY:
            return ((wall.year - self.start.year) * 12 + wall.month - self.start.month) // self.length
        return (wall - self.start) // (self.length * _STEPS[self.turn])


class Held(NamedTuple):
    """One turn: its number from the start on, the instants at which it begins and ends."""

    number: int
    start: datetime
    end: datetime


def turn_at(rhythm: Rhythm, zone: ZoneInfo, at: datetime) -> Held:
    """Return the turn that holds an instant: its start belongs to it, its end to the next."""
    number = rhythm.near(wall_of(at, zone))
    start = first_instant(rhythm.begins(number), zone)
    while start > at:
        number -= 1
        start = first_instant(rhythm.begins(number), zone)
    end = first_instant(rhythm.begins(number + 1), zone)
    while end <= at:
        number, start = number + 1, end
        end = first_instant(rhythm.begins(number + 1), zone)
    return Held(number, start, end)


def turns_between(rhythm: Rhythm, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Held]:
    """Yield the turns that touch a span, each in its whole length."""
    held = turn_at(rhythm, zone, start)
    while held.start < end:
        yield held
        held = turn_at(rhythm, zone, held.end)


def place_of(rhythm: Rhythm, zone: ZoneInfo, number: int) -> int:
    """Return how many hand-overs lie between the start and this turn.

    It is the turn's number, but for turns that fell wholly into a jump of the clocks: nobody had those, and nobody
    loses a turn by them.
    """
    step = _STEPS.get(rhythm.turn, _LONGEST_JUMP * 2) * rhythm.length
    if step > _LONGEST_JUMP or number == 0:
        return number
    low, high = min(0, number), max(0, number)
    years = rhythm.begins(low).year - 1, rhythm.begins(high).year + 1
    lost = 0
    for jump in jumps(zone, *years, at_least=step):
        first = -((rhythm.start - jump.first) // step)
        last = (jump.resumes - rhythm.start) // step
        lost += max(0, min(last, high) - max(first, low))
    return number - lost if number > 0 else number + lost


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))
