"""Every minute of 400 days, in eight zones: the resolver against the oracle that paints each of them.

`CRISIS_HUB_SCHEDULES` says how many random rotas are tried; `make nightly-rotas` tries a million.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from crisis_hub.domain.covering import Change, Override, Temporary
from crisis_hub.domain.layers import Layer
from crisis_hub.domain.rota import Rota, gaps, on_call, shifts
from crisis_hub.domain.turns import Turn
from crisis_hub.domain.windows import Holidays, OnHolidays, Window
from tests.domain.rota_oracle import BASES, BIT, DAY, DAYS, MINUTES, PEOPLE, instant, minute_of, paint, painted

SCHEDULES = int(os.environ.get("CRISIS_HUB_SCHEDULES", "60"))
_LONGEST = {Turn.HOURLY: 30, Turn.DAILY: 9, Turn.WEEKLY: 5, Turn.MONTHLY: 3}
_NAMES = ("first", "second", "third")

# Hand-overs and windows at the hours at which clocks are changed are the hard ones, so they come often.
_HARD = st.sampled_from([0, 15, 30, 59, 60, 75, 90, 105, 120, 135, 150, 165, 179, 180, 195, 210, 1380, 1410, 1439])
_OF_DAY = st.one_of(_HARD, st.integers(0, DAY - 1))
_PEOPLE = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4).map(tuple)


@st.composite
def walls(draw: st.DrawFn, zone: str, first: int, last: int) -> datetime:
    day = BASES[zone] + timedelta(days=draw(st.integers(first, last)))
    return datetime.combine(day, time()) + timedelta(minutes=draw(_OF_DAY))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(_OF_DAY)
    end = draw(st.one_of(st.just(start), _OF_DAY))
    days = draw(st.one_of(st.just(frozenset(range(7))), st.frozensets(st.integers(0, 6), min_size=0)))
    return Window(days, time(*divmod(start, 60)), time(*divmod(end, 60)), draw(st.sampled_from(OnHolidays)))


@st.composite
def layers(draw: st.DrawFn, zone: str, names: tuple[str, ...]) -> Layer:
    turn = draw(st.sampled_from([Turn.DAILY, Turn.WEEKLY, Turn.MONTHLY, Turn.DAILY, Turn.WEEKLY, Turn.HOURLY]))
    own = zone if zone in ("Pacific/Apia", "Asia/Tehran") else draw(st.sampled_from([zone, zone, *_ALIKE]))
    minutes = st.integers(0, MINUTES - 1).map(lambda minute: instant(zone, minute))
    since = draw(st.one_of(st.none(), minutes))
    return Layer(
        turn,
        draw(st.integers(1, _LONGEST[turn])),
        draw(walls(own, 2, 60) if own != zone else walls(own, -30, 60)),
        draw(_PEOPLE),
        names[-1],
        own if own != zone else None,
        since,
        draw(st.one_of(st.none(), minutes)) if draw(st.booleans()) else None,
        draw(st.one_of(st.none(), st.integers(1, 3 * DAY).map(lambda length: timedelta(minutes=length)))),
        tuple(draw(st.lists(windows(), max_size=2))),
        tuple(draw(st.sets(st.sampled_from(names[:-1]), max_size=2))) if len(names) > 1 else (),
    )


_ALIKE = ("America/Chicago", "Europe/Warsaw", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe")
"""Zones whose 400 days are nearly the same ones, so that a rota can have a layer in each."""


@st.composite
def several(draw: st.DrawFn, zone: str) -> tuple[Layer, ...]:
    number = draw(st.sampled_from([1, 1, 2, 3]))
    return tuple(draw(layers(zone, _NAMES[: place + 1])) for place in range(number))


@st.composite
def spans(draw: st.DrawFn, zone: str) -> tuple[datetime, datetime]:
    start, length = draw(st.integers(0, MINUTES - 2)), draw(st.integers(1, 40 * DAY))
    return instant(zone, start), instant(zone, start + length)


@st.composite
def overrides(draw: st.DrawFn, zone: str) -> Override:
    person, other = draw(st.permutations(PEOPLE))[:2]
    change = draw(st.sampled_from(Change))
    return Override(change, person, *draw(spans(zone)), other if change is Change.REPLACE else None)


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    zone = draw(st.sampled_from(list(BASES)))
    days = st.integers(0, DAYS).map(lambda number: BASES[zone] + timedelta(days=number))
    yearly = st.integers(0, 365).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
    holidays = Holidays(
        draw(st.frozensets(days, max_size=6)),
        frozenset((day.month, day.day) for day in draw(st.sets(yearly, max_size=3))),
    )
    temporary = [Temporary(*draw(spans(zone)), draw(several(zone))) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
    arranged = draw(st.lists(overrides(zone), max_size=3))
    return Rota("drawn", zone, draw(several(zone)), (), holidays, tuple(temporary), tuple(arranged))


def first_difference(zone: str, found: bytes | bytearray, expected: bytes | bytearray) -> str:
    """Return the first minute that differs, in words; comparing the whole would print half a million minutes."""
    if found == expected:
        return ""
    minute = next(place for place in range(MINUTES) if found[place] != expected[place])
    return f"{instant(zone, minute).astimezone(ZoneInfo(zone))}: {found[minute]} and not {expected[minute]}"


@settings(
    max_examples=SCHEDULES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@for_all(rotas(), st.lists(st.integers(0, MINUTES - 1), min_size=3, max_size=3), st.integers(1, 20 * DAY))
def test_every_minute_is_as_the_oracle_paints_it(rota: Rota, moments: list[int], length: int) -> None:
    zone = rota.timezone
    expected = painted(rota)
    start, end = instant(zone, 0), instant(zone, MINUTES)
    found = list(shifts(rota, start, end))
    seen = {person: bytearray(MINUTES) for person in PEOPLE}
    for shift in found:
        paint(seen[shift.person], minute_of(zone, shift.start), minute_of(zone, shift.end), BIT[shift.person])
    union = 0
    for canvas in seen.values():
        union |= int.from_bytes(canvas, "little")
    assert first_difference(zone, union.to_bytes(MINUTES, "little"), expected) == ""

    empty = bytearray(MINUTES)
    for gap in gaps(rota, start, end):
        paint(empty, minute_of(zone, gap.start), minute_of(zone, gap.end), 1)
    assert first_difference(zone, empty, expected.translate(bytes([1, *([0] * 255)]))) == ""

    for moment in moments:
        at = instant(zone, moment)
        now = on_call(rota, at)
        assert sum(BIT[person] for person in now.people) == expected[moment]
        if now.until and now.until < end:
            until = minute_of(zone, now.until)
            assert set(expected[moment:until]) == {expected[moment]}
            assert sum(BIT[person] for person in now.following) == expected[until]
        # A part of the time has the same shifts as the whole, and none of them is cut.
        part = list(shifts(rota, at, min(at + timedelta(minutes=length), end)))
        assert part == [one for one in found if one.start < at + timedelta(minutes=length) and one.end > at]
