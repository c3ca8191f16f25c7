"""Who is on call at an instant: the one resolver for paging, for display and for finding gaps.

Shifts follow the wall clock of the rota's own time zone: a daily shift that begins at 08:00 begins at 08:00 in summer
and in winter, so that some shifts last an hour more or less than others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crisis_hub.domain.vocabulary import PersonId


class Turn(StrEnum):
    """How long a shift is, in what unit."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns from `start` (wall clock) on, `shift_length` units each."""

    turn: Turn
    shift_length: int
    start: datetime
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """Layers, the first that has somebody counts; `last_resort` when none has."""

    name: str
    timezone: str
    layers: tuple[Layer, ...]
    last_resort: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """One span of being on call, start included and end not, both as instants."""

    person: PersonId
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at an instant, until when, and who comes next; `by_last_resort` when every layer was empty."""

    people: tuple[PersonId, ...]
    until: datetime | None
    next: tuple[PersonId, ...]
    by_last_resort: bool = False


def on_call(rota: Rota, at: datetime) -> OnCall:
    """Return who is on call at that instant."""
    for layer in rota.layers:
        shift = shift_at(layer, rota.timezone, at)
        if shift is not None:
            following = shift_at(layer, rota.timezone, shift.end)
            after = (following.person,) if following else ()
            return OnCall((shift.person,), shift.end, after)
    return OnCall(rota.last_resort, None, (), by_last_resort=True)


def shift_at(layer: Layer, timezone: str, at: datetime) -> Shift | None:
    """Return the layer's shift that holds the instant, or nothing before the layer begins or with nobody in it."""
    zone = ZoneInfo(timezone)
    if not layer.people or at < _instant(layer.start, zone):
        return None
    number = _estimate(layer, at.astimezone(zone).replace(tzinfo=None))
    while _instant(_begins(layer, number + 1), zone) <= at:
        number += 1
    while number > 0 and _instant(_begins(layer, number), zone) > at:
        number -= 1
    person = layer.people[number % len(layer.people)]
    return Shift(person, _instant(_begins(layer, number), zone), _instant(_begins(layer, number + 1), zone))


def _estimate(layer: Layer, local: datetime) -> int:
    days = (local - layer.start).total_seconds() / 86_400
    units = {Turn.HOURLY: days * 24, Turn.DAILY: days, Turn.WEEKLY: days / 7, Turn.MONTHLY: days / 31}
    return max(0, int(units[layer.turn] // layer.shift_length) - 1)


def _begins(layer: Layer, number: int) -> datetime:
    """Return the wall-clock time at which the layer's shift of that number (from 0) begins."""
    units = number * layer.shift_length
    if layer.turn is Turn.MONTHLY:
        return _months_later(layer.start, units)
    step = {Turn.HOURLY: timedelta(hours=1), Turn.DAILY: timedelta(days=1), Turn.WEEKLY: timedelta(weeks=1)}
    return layer.start + units * step[layer.turn]


def _months_later(start: datetime, months: int) -> datetime:
    """Go months on; a day that the month does not have becomes its last one (31 January, then 28 February)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: DTZ001 - wall-clock time on purpose
    last = (following - timedelta(days=1)).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time: in a gap it moves on by the gap's length; of two the first counts."""
    instant = wall.replace(tzinfo=zone, fold=0)
    return instant.astimezone(ZoneInfo("UTC"))
