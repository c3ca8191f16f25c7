"""A layer of a rota: people who take turns, some hours or all, from an instant on or for ever."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crisis_hub.domain.turns import Held, Rhythm, Turn, place_of, turn_at
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import FAR_FUTURE, FAR_PAST, first_instant, last_instant
from crisis_hub.domain.windows import Holidays, Window, opening_at


class Booking(NamedTuple):
    """A span for which somebody is on call, as another program planned it; spans are in order and do not touch."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns of `shift_length` units, counted from `start`, a time of the wall clock in its zone.

    It counts from `since` on, or from its start when that is not given, and `until` an instant; in its windows, or
    always when it has none; and for the first `on_for` of every turn. While a layer that stands `instead_of` others
    has somebody, those do not count. A layer that another program planned has one person, and is `booked`: nobody
    takes turns in it.
    """

    turn: Turn
    shift_length: int
    start: datetime
    people: tuple[PersonId, ...]
    name: str = ""
    timezone: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    on_for: timedelta | None = None
    only: tuple[Window, ...] = ()
    instead_of: tuple[str, ...] = ()
    booked: tuple[Booking, ...] | None = None

    @property
    def kind(self) -> str:
        """Return how its shifts come about: the unit of the turns, or `calendar`."""
        return self.turn.value if self.booked is None else "calendar"


class Duty(NamedTuple):
    """Why somebody is on call: the layer and the number of their turn in it, or what was arranged by hand.

    There is no turn for somebody who was added, and `for_whom` names the one in whose place somebody stands.
    """

    person: PersonId
    layer: str = ""
    turn: int | None = None
    for_whom: PersonId | None = None

    def sentence(self) -> str:
        """Return why, in words."""
        where = "added by hand" if self.turn is None else f"by “{self.layer or 'the rota'}”"
        return f"{self.person} {where}" + (f" for {self.for_whom}" if self.for_whom else "")


class Stretch(NamedTuple):
    """Whose turn it is, if anybody's, and a span around an instant for which this is so."""

    duty: Duty | None
    start: datetime
    end: datetime


_NEVER = Stretch(None, FAR_PAST, FAR_FUTURE)


def stretch_at(layer: Layer, timezone: str, holidays: Holidays, at: datetime) -> Stretch:
    """Return whose turn it is at an instant, and for how long this is known; `timezone` is that of the rota."""
    if not layer.people:
        return _NEVER
    if layer.booked is not None:
        return _booked_at(layer, layer.booked, at)
    zone = ZoneInfo(layer.timezone or timezone)
    since = layer.since or first_instant(layer.start, zone)
    until = layer.until or FAR_FUTURE
    if at < since:
        return Stretch(None, FAR_PAST, since)
    if at >= until:
        return Stretch(None, until, FAR_FUTURE)
    is_open, start, end = _opening(layer.only, holidays, zone, at)
    if not is_open:
        return Stretch(None, max(start, since), min(end, until))
    rhythm = Rhythm(layer.turn, layer.shift_length, layer.start)
    held = turn_at(rhythm, zone, at)
    leaves = _leaves(layer, rhythm, held, zone)
    if at >= leaves:
        return Stretch(None, max(leaves, since), min(held.end, until))
    person = layer.people[place_of(rhythm, zone, held.number) % len(layer.people)]
    duty = Duty(person, layer.name, held.number)
    return Stretch(duty, max(start, since, held.start), min(end, until, leaves))


def _booked_at(layer: Layer, booked: tuple[Booking, ...], at: datetime) -> Stretch:
    place = bisect_right(booked, at, key=attrgetter("start"))
    since, until = layer.since or FAR_PAST, layer.until or FAR_FUTURE
    if not since <= at < until:
        return Stretch(None, FAR_PAST, since) if at < since else Stretch(None, until, FAR_FUTURE)
    before, following = booked[place - 1] if place else None, booked[place] if place < len(booked) else None
    if before is not None and at < before.end:
        duty = Duty(layer.people[0], layer.name, place)
        return Stretch(duty, max(before.start, since), min(before.end, until))
    start = before.end if before else FAR_PAST
    return Stretch(None, max(start, since), min(following.start if following else FAR_FUTURE, until))


def _leaves(layer: Layer, rhythm: Rhythm, held: Held, zone: ZoneInfo) -> datetime:
    """Return when the turn's person goes home: when the next comes, or earlier where the layer says for how long."""
    if layer.on_for is None:
        return held.end
    return min(held.end, last_instant(rhythm.begins(held.number) + layer.on_for, zone))


def _opening(
    windows: Sequence[Window], holidays: Holidays, zone: ZoneInfo, at: datetime
) -> tuple[bool, datetime, datetime]:
    """Return whether one of the windows is open, and a span for which this is so."""
    if not windows:
        return True, FAR_PAST, FAR_FUTURE
    seen = [opening_at(window, holidays, zone, at) for window in windows]
    opened = [one for one in seen if one.open]
    if opened:
        return True, min(one.start for one in opened), max(one.end for one in opened)
    return False, max(one.start for one in seen), min(one.end for one in seen)
