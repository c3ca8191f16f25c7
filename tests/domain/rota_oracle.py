"""A second opinion on rotas: every minute of 400 days is painted with who is on call. Slow, plain, and shares no code.

What a time of the wall clock means is looked up in a table, made by looking at the zone's clock every quarter of an
hour (clocks are changed at no other times). Nothing is computed in closed form: turns are walked one after the other,
windows day by day, and each is painted over its minutes. A byte holds a minute, a bit in it a person.
"""

from __future__ import annotations

from array import array
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.layers import Layer
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.turns import Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import Holidays, OnHolidays, Window

DAYS, MARGIN = 400, 45
DAY, QUARTER = 1440, 15
MINUTES = DAYS * DAY
WHOLE = range(MINUTES)

BASES = {
    "America/Chicago": date(2025, 9, 20),
    "Europe/Warsaw": date(2025, 10, 1),
    "Australia/Lord_Howe": date(2025, 9, 20),
    "Africa/Casablanca": date(2025, 10, 1),
    "Asia/Tehran": date(2021, 9, 1),
    "Pacific/Apia": date(2011, 3, 1),
    "America/Havana": date(2025, 10, 1),
    "Asia/Kathmandu": date(2025, 10, 1),
}
"""Zones, and the day on which the 400 days begin: so that something odd happens in each but the last.

Half an hour of summer time, summer time that is winter time in Ramadan, rules that were given up, a day that was left
out, and clocks that are changed at midnight.
"""

PEOPLE = [PersonId(name) for name in ("ana", "ben", "cleo", "dora", "emil")]
BIT = {person: 1 << number for number, person in enumerate(PEOPLE)}


def instant(zone: str, minute: int) -> datetime:
    """Return the instant of a minute, counted from the first of the 400 days in UTC."""
    return datetime.combine(BASES[zone], datetime.min.time(), UTC) + timedelta(minutes=minute)


def minute_of(zone: str, at: datetime) -> int:
    """Return the minute of an instant; every edge must fall on one."""
    minutes, rest = divmod(at - instant(zone, 0), timedelta(minutes=1))
    assert not rest, at
    return minutes


def wall_minute(zone: str, wall: datetime) -> int:
    """Return the minute that a wall clock shows, counted from midnight of the first day."""
    return (wall - datetime.combine(BASES[zone], datetime.min.time())) // timedelta(minutes=1)


class Clock:
    """For each minute that a wall clock may show: the first and the last minute of time at which it does."""

    def __init__(self, zone: str) -> None:
        size = (DAYS + 2 * MARGIN + 4) * DAY
        self._low = -(MARGIN + 2) * DAY
        self.first, self.last = array("i", [-1]) * size, array("i", [-1]) * size
        shown = bytearray(size)
        zero, tz = instant(zone, 0), ZoneInfo(zone)
        ramp = array("i", range(-MARGIN * DAY, (DAYS + MARGIN) * DAY))
        for seen in range(0, len(ramp), QUARTER):
            at = seen - MARGIN * DAY
            offset = (zero + timedelta(minutes=at)).astimezone(tz).utcoffset()
            assert offset is not None
            place = at + int(offset.total_seconds()) // 60 - self._low
            quarter = ramp[seen : seen + QUARTER]
            if not shown[place]:
                self.first[place : place + QUARTER] = quarter
            self.last[place : place + QUARTER] = quarter
            shown[place] = True
        self._fill(shown)

    def _fill(self, shown: bytearray) -> None:
        """Let what was never shown mean the next minute that was."""
        following = (DAYS + MARGIN) * DAY
        for place in range(len(shown) - QUARTER, -1, -QUARTER):
            if shown[place]:
                following = self.first[place]
            else:
                blank = array("i", [following]) * QUARTER
                self.first[place : place + QUARTER] = blank
                self.last[place : place + QUARTER] = blank

    def begins(self, wall: int) -> int:
        """Return the minute at which something begins that begins at this time."""
        return self.first[min(max(wall - self._low, 0), len(self.first) - 1)]

    def ends(self, wall: int) -> int:
        """Return the minute at which something ends that ends at this time."""
        return self.last[min(max(wall - self._low, 0), len(self.last) - 1)]


@cache
def clock(zone: str) -> Clock:
    return Clock(zone)


def painted(rota: Rota, overrides: Sequence[Override] = (), part: range = WHOLE) -> bytearray:
    """Return for every minute of a part who is on call, as bits."""
    zone = rota.timezone
    canvas = _together(rota.layers, rota, part)
    for temporary in rota.temporary:
        span = _span(zone, temporary.start, temporary.end, part)
        canvas[span] = _together(temporary.layers, rota, part)[span]
    for override in (*rota.overrides, *overrides):
        span = _span(zone, override.start, override.end, part)
        canvas[span] = canvas[span].translate(_changed(override))
    return canvas


def _changed(override: Override) -> bytes:
    bit = BIT[override.person]
    match override.change:
        case Change.ADD:
            return bytes(seen | bit for seen in range(256))
        case Change.REMOVE:
            return bytes(seen & ~bit for seen in range(256))
        case Change.REPLACE:
            assert override.for_whom
            other = BIT[override.for_whom]
            return bytes((seen & ~other) | bit if seen & other else seen for seen in range(256))


def _together(layers: Sequence[Layer], rota: Rota, part: range) -> bytearray:
    each = {layer.name: _layer(layer, rota, part) for layer in layers}
    seen = {name: _number(canvas) for name, canvas in each.items()}
    somebody = {name: _number(canvas.translate(_ANYBODY)) for name, canvas in each.items()}
    union = 0
    for layer in layers:
        left = seen[layer.name]
        for other in layers:
            if layer.name in other.instead_of:
                left &= ~somebody[other.name]
        union |= left
    # Layers that stand instead of each other hide nobody when nobody else would be left.
    everybody = 0
    for canvas in seen.values():
        everybody |= canvas
    nobody = _number(bytearray(union.to_bytes(len(part), "little")).translate(_NOBODY))
    union |= everybody & nobody
    return bytearray(union.to_bytes(len(part), "little"))


_ANYBODY = bytes([0, *([255] * 255)])
_NOBODY = bytes([255, *([0] * 255)])


def _number(canvas: bytearray) -> int:
    return int.from_bytes(canvas, "little")


def _layer(layer: Layer, rota: Rota, part: range) -> bytearray:
    zone = layer.timezone or rota.timezone
    # Layers in other zones are painted on the minutes of the rota's own.
    shift = minute_of(rota.timezone, instant(zone, 0)) - part.start
    canvas = bytearray(len(part))
    for place, starts, ends in _turns(layer, zone, part) if layer.booked is None else _booked(layer, zone):
        if layer.people and starts < ends:
            bit = BIT[layer.people[place % len(layer.people)]]
            paint(canvas, starts + shift, ends + shift, bit)
    if layer.only:
        openings = bytearray(len(part))
        for window in layer.only:
            for starts, ends in _openings(window, rota.holidays, zone, part):
                paint(openings, starts + shift, ends + shift, 255)
        canvas = bytearray((_number(canvas) & _number(openings)).to_bytes(len(part), "little"))
    begins = layer.since or (
        instant(zone, clock(zone).begins(wall_minute(zone, layer.start))) if not layer.booked else None
    )
    if begins:
        paint(canvas, -MARGIN * DAY, minute_of(rota.timezone, begins) - part.start, 0)
    if layer.until:
        paint(canvas, minute_of(rota.timezone, layer.until) - part.start, 2 * MINUTES, 0)
    return canvas


def _booked(layer: Layer, zone: str) -> Iterator[tuple[int, int, int]]:
    for one in layer.booked or ():
        yield 0, minute_of(zone, one.start), minute_of(zone, one.end)


def _turns(layer: Layer, zone: str, part: range) -> Iterator[tuple[int, int, int]]:
    """Walk the turns forward and backward from the start; those of no length hand nothing over."""
    walls, first = clock(zone), wall_minute(zone, layer.start)
    for direction in (1, -1):
        place = 0 if direction == 1 else -1
        for number in count(0) if direction == 1 else count(-1, -1):
            wall, following = _wall(layer, zone, first, number), _wall(layer, zone, first, number + 1)
            if wall > part.stop + MARGIN * DAY if direction == 1 else following < part.start - MARGIN * DAY:
                break
            starts, ends = walls.begins(wall), walls.begins(following)
            if starts == ends:
                continue
            if layer.on_for is not None:
                ends = min(ends, walls.ends(wall + layer.on_for // timedelta(minutes=1)))
            yield place, starts, ends
            place += direction


def _wall(layer: Layer, zone: str, first: int, number: int) -> int:
    start, units = layer.start, number * layer.shift_length
    if layer.turn is Turn.MONTHLY:
        months = start.year * 12 + start.month - 1 + units
        day = min(start.day, monthrange(months // 12, months % 12 + 1)[1])
        return wall_minute(zone, start.replace(year=months // 12, month=months % 12 + 1, day=day))
    unit = {Turn.HOURLY: 60, Turn.DAILY: DAY, Turn.WEEKLY: 7 * DAY}[layer.turn]
    return first + units * unit


def _openings(window: Window, holidays: Holidays, zone: str, part: range) -> Iterator[tuple[int, int]]:
    # Zones are looked at on minutes of their own, at most some days apart.
    for number in range(part.start // DAY - 20, part.stop // DAY + 20):
        day = BASES[zone] + timedelta(days=number)
        holiday = day in holidays.dates or (day.month, day.day) in holidays.yearly
        if day.weekday() not in window.days or (window.holidays is OnHolidays.NOT and holiday):
            continue
        if window.holidays is OnHolidays.ONLY and not holiday:
            continue
        starts = window.start.hour * 60 + window.start.minute
        ends = window.end.hour * 60 + window.end.minute
        over_night = DAY if ends <= starts else 0
        yield clock(zone).begins(number * DAY + starts), clock(zone).ends(number * DAY + ends + over_night)


def _span(zone: str, start: datetime, end: datetime, part: range) -> slice:
    low, high = (minute_of(zone, at) - part.start for at in (start, end))
    return slice(min(max(low, 0), len(part)), min(max(high, 0), len(part)))


def paint(canvas: bytearray, start: int, end: int, value: int) -> None:
    """Paint a span of minutes, cut to what there is of the canvas."""
    start, end = min(max(start, 0), len(canvas)), min(max(end, 0), len(canvas))
    if start < end:
        canvas[start:end] = bytes([value]) * (end - start)
