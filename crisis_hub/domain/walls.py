"""Clocks on walls: which instant a wall-clock time means in a zone, also on the days on which clocks are changed.

A time that comes twice begins something at the first of the two and ends something at the last, so that there can be
an overlap and never a gap. A time that never comes means the first instant after the jump.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

FAR_PAST = datetime.min.replace(tzinfo=UTC)
FAR_FUTURE = datetime.max.replace(tzinfo=UTC)
"""Instants that only stand for "always before" and "never after"; no clock ever shows them."""

_EPOCH, _WALL_EPOCH = datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1)  # noqa: DTZ001 - on a wall
_DAY, _LOOK, _LOOKS = timedelta(days=1), timedelta(hours=3), 10
_NOTHING = timedelta(0)


class Jump(NamedTuple):
    """A span that no clock of a zone ever shows: from `first` on, until the clock goes on with `resumes`."""

    first: datetime
    resumes: datetime


def wall_of(at: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks of the zone show at an instant."""
    offset = _all_day(zone, at.toordinal())
    return _WALL_EPOCH + (at - _EPOCH + (_shown(at, zone) if offset is None else offset))


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which something begins that begins at this time of the wall clock."""
    offset = _all_day(zone, wall.toordinal())
    if offset is None:
        early, late = _offset(wall, zone), _offset(wall.replace(fold=1), zone)
        if early < late:
            return _after_the_jump(wall, zone, early, late)
        offset = early
    return _EPOCH + (wall - _WALL_EPOCH - offset)


def last_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which something ends that ends at this time of the wall clock."""
    offset = _all_day(zone, wall.toordinal())
    if offset is None:
        early, late = _offset(wall, zone), _offset(wall.replace(fold=1), zone)
        if early < late:
            return _after_the_jump(wall, zone, early, late)
        offset = late
    return _EPOCH + (wall - _WALL_EPOCH - offset)


@lru_cache(maxsize=1 << 15)
def _all_day(zone: ZoneInfo, day: int) -> timedelta | None:
    """Return how far the clocks are ahead of UTC all through a day, or nothing near a change of the clocks.

    Most days are such days, and on them an instant and a wall clock differ by this and nothing else. A day counts as
    one when nothing is changed from the day before until the day after, wherever on Earth it is looked at from.
    """
    begins = _EPOCH + (day - _EPOCH.toordinal()) * _DAY
    seen = {_shown(begins + hours * _LOOK, zone) for hours in range(-_LOOKS, 2 * _LOOKS + 1)}
    return seen.pop() if len(seen) == 1 else None


@lru_cache(maxsize=512)
def jumps(zone: ZoneInfo, first_year: int, last_year: int, at_least: timedelta) -> tuple[Jump, ...]:
    """Return the spans of that length or longer which the clocks leave out in these years, in their order."""
    years = range(first_year, last_year + 1)
    return tuple(jump for year in years for jump in _jumps_of(zone, year) if jump.resumes - jump.first >= at_least)


@lru_cache(maxsize=4096)
def _jumps_of(zone: ZoneInfo, year: int) -> tuple[Jump, ...]:
    """Look at noon of every day of the year, and closer where the clocks went forward in between."""
    found: list[Jump] = []
    noon = datetime(year, 1, 1, tzinfo=UTC)
    before = _shown(noon, zone)
    while noon.year == year < FAR_FUTURE.year:
        noon += _DAY
        after = _shown(noon, zone)
        if before < after:
            jumped = _first_shown(noon - _DAY, noon, zone, before).replace(tzinfo=None)
            found.append(Jump(jumped + before, jumped + after))
        before = after
    return tuple(found)


def _offset(wall: datetime, zone: ZoneInfo) -> timedelta:
    return zone.utcoffset(wall) or _NOTHING


def _shown(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or _NOTHING


def _after_the_jump(wall: datetime, zone: ZoneInfo, before: timedelta, after: timedelta) -> datetime:
    low = (wall - after).replace(tzinfo=UTC, microsecond=0, fold=0)
    return _first_shown(low, low + (after - before) + timedelta(seconds=1), zone, before)


def _first_shown(low: datetime, high: datetime, zone: ZoneInfo, before: timedelta) -> datetime:
    """Halve until the second is found at which the clocks no longer show the old offset."""
    seconds = int((high - low).total_seconds())
    below, above = 0, seconds
    while above - below > 1:
        middle = (below + above) // 2
        if _shown(low + timedelta(seconds=middle), zone) == before:
            below = middle
        else:
            above = middle
    return low + timedelta(seconds=above)
