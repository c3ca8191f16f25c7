"""Hours and days at which something counts: from 20:00 to 08:00 on weekdays, never or only on holidays.

A window belongs to the day on which it begins: Friday from 20:00 to 08:00 ends on Saturday morning. Where it begins and
ends at the same time it is a whole day, and days that follow each other run together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crisis_hub.domain.walls import FAR_FUTURE, FAR_PAST, first_instant, last_instant, wall_of

MONDAY_TO_SUNDAY = frozenset(range(7))
"""All days, counted as Python does: Monday is 0."""

_BACK, _AHEAD = 2, 400
"""From how many days before an instant on windows are looked at, and how many days then. What lies farther is asked for
again from there."""

_DAY = timedelta(days=1)
_MIDNIGHT, _NOON = time(), time(12)


class OnHolidays(StrEnum):
    """What a holiday changes: nothing, or that something does not count on it, or that it counts on nothing else."""

    AS_ALWAYS = "as_always"
    NOT = "not"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Holidays:
    """Dates that are holidays, once or, as month and day, every year."""

    dates: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Say whether a day is a holiday."""
        return day in self.dates or (day.month, day.day) in self.yearly

    def __or__(self, other: Holidays) -> Holidays:
        """Return the holidays of both."""
        return Holidays(self.dates | other.dates, self.yearly | other.yearly)


NO_HOLIDAYS = Holidays()


@dataclass(frozen=True, slots=True)
class Window:
    """Some days of the week, from a time of the wall clock to another."""

    days: frozenset[int] = MONDAY_TO_SUNDAY
    start: time = _MIDNIGHT
    end: time = _MIDNIGHT
    holidays: OnHolidays = OnHolidays.AS_ALWAYS
    length: timedelta = field(init=False)

    def __post_init__(self) -> None:
        """Reckon how much later on the wall clock it ends than it begins."""
        begins, ends = (datetime.combine(date.min, at) for at in (self.start, self.end))
        object.__setattr__(self, "length", ends - begins if begins < ends else ends - begins + _DAY)

    @property
    def always(self) -> bool:
        """Say whether there is no instant at which it is shut."""
        return self.days == MONDAY_TO_SUNDAY and self.length == _DAY and self.holidays is OnHolidays.AS_ALWAYS

    def never(self, holidays: Holidays) -> bool:
        """Say whether there is no instant at which it is open."""
        return not self.days or (self.holidays is OnHolidays.ONLY and holidays == NO_HOLIDAYS)

    def begins_on(self, day: date, holidays: Holidays) -> bool:
        """Say whether it opens on a day."""
        if day.weekday() not in self.days:
            return False
        return self.holidays is OnHolidays.AS_ALWAYS or (day in holidays) is (self.holidays is OnHolidays.ONLY)


class Opening(NamedTuple):
    """Whether something is open, and a span around an instant for which this is so."""

    open: bool
    start: datetime
    end: datetime


def opening_at(window: Window, holidays: Holidays, zone: ZoneInfo, at: datetime) -> Opening:
    """Return whether a window is open at an instant, and a span for which this is so: its start is in it, its end not.

    What is open longer than a day is told day by day, and what is shut for long not always in one piece.
    """
    if window.always or window.never(holidays):
        return Opening(window.always, FAR_PAST, FAR_FUTURE)
    today = wall_of(at, zone).date()
    shut: datetime | None = None
    for opens, shuts in _spans(window, holidays, zone, today - _BACK * _DAY):
        if opens > at:
            return Opening(False, shut or _noon(today - _DAY, zone), opens)
        if shuts > at:
            return Opening(True, opens, shuts)
        shut = shuts
    return Opening(False, shut or _noon(today - _DAY, zone), _noon(today + (_AHEAD - _BACK - 1) * _DAY, zone))


def run_at(window: Window, holidays: Holidays, zone: ZoneInfo, at: datetime) -> Opening | None:
    """Return the whole run during which a window is open at an instant, or else its next; nothing when there is none.

    A window that is always open has a run from the far past to the far future.
    """
    here = opening_at(window, holidays, zone, at)
    tries = 0
    while not here.open:
        tries += 1
        if here.end == FAR_FUTURE or tries > _TRIES:
            return None
        here = opening_at(window, holidays, zone, here.end)
    start, end = here.start, here.end
    while start != FAR_PAST and (before := opening_at(window, holidays, zone, start - timedelta.resolution)).open:
        start = before.start
    while end != FAR_FUTURE and (after := opening_at(window, holidays, zone, end)).open:
        end = after.end
    return Opening(start <= at, start, end)


_TRIES = 40
"""Nobody is told of an opening more than forty years ahead."""


def _spans(window: Window, holidays: Holidays, zone: ZoneInfo, first: date) -> Iterator[tuple[datetime, datetime]]:
    for number in range(_AHEAD):
        day = first + number * _DAY
        if window.begins_on(day, holidays):
            begins = datetime.combine(day, window.start)
            opens, shuts = first_instant(begins, zone), last_instant(begins + window.length, zone)
            if opens < shuts:
                yield opens, shuts


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return first_instant(datetime.combine(day, _NOON), zone)
