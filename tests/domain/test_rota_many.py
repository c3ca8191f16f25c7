"""Ten thousand random rotas at every run: some days of each, against the oracle that paints every minute of them.

`CRISIS_HUB_ROTAS` says how many. `--hypothesis-seed=N` repeats them, and what fails says which dice were thrown.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from crisis_hub.domain.covering import Change
from crisis_hub.domain.rota import OnCall, Rota, gaps, on_call, shifts
from tests.domain.rota_dice import Dice
from tests.domain.rota_oracle import BASES, BIT, DAY, DAYS, instant, minute_of, paint, painted

ROTAS = int(os.environ.get("CRISIS_HUB_ROTAS", "10000"))
AT_ONCE = 25
"""How many are thrown with one seed: to draw each by itself would take longer than to look at it."""

PART = 3
"""Days of a rota that are looked at: enough for what goes from one day into the next."""


@cache
def odd_days(zone: str) -> tuple[int, ...]:
    """Return the days on which clocks are changed."""
    found, tz = [], ZoneInfo(zone)
    for day in range(DAYS):
        before, after = (instant(zone, minute).astimezone(tz).utcoffset() for minute in (day * DAY, (day + 1) * DAY))
        if before != after:
            found.append(day)
    return tuple(found)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("zone", BASES)
@settings(
    max_examples=-(-ROTAS // len(BASES) // AT_ONCE),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@for_all(seed=st.integers(0, 2**64 - 1))
def test_some_days_of_ten_thousand_rotas_are_as_the_oracle_paints_them(zone: str, seed: int) -> None:
    for number in range(AT_ONCE):
        name = f"{zone} {seed} {number}"
        dice = Dice(name, zone, odd_days(zone))
        part = dice.part(PART)
        rota = dice.rota(part)
        expected = painted(rota, part=part)
        assert resolved(rota, part) == expected, f"{name}: {rota}"
        for moment in (part.start, *(dice.moment(part) for _ in range(2))):
            now = on_call(rota, instant(zone, moment))
            assert is_right(rota, now, moment, expected, part), f"{name}, minute {moment}: {now}: {rota}"


def test_something_odd_is_near_many_of_them() -> None:
    assert {zone for zone in BASES if not odd_days(zone)} == {"Asia/Kathmandu"}


def resolved(rota: Rota, part: range) -> bytearray:
    """Return for every minute who is on call, by the resolver; where it finds a gap, nobody may be."""
    zone, start, end = rota.timezone, instant(rota.timezone, part.start), instant(rota.timezone, part.stop)
    canvas = bytearray(len(part))
    each = {person: bytearray(len(part)) for person in BIT}
    for shift in shifts(rota, start, end):
        assert shift.start < shift.end
        assert start < shift.end
        assert shift.start < end
        first, last = (minute_of(zone, max(min(at, end), start)) for at in (shift.start, shift.end))
        paint(each[shift.person], first - part.start, last - part.start, BIT[shift.person])
    union = 0
    for one in each.values():
        union |= int.from_bytes(one, "little")
    canvas[:] = union.to_bytes(len(part), "little")
    empty = bytearray(len(part))
    for gap in gaps(rota, start, end):
        paint(empty, minute_of(zone, gap.start) - part.start, minute_of(zone, gap.end) - part.start, 1)
    assert empty == canvas.translate(bytes([1, *([0] * 255)]))
    return canvas


def is_right(rota: Rota, now: OnCall, moment: int, expected: bytearray, part: range) -> bool:
    """Say whether an answer for one minute is what was painted, until the hand-over that it tells, and then."""
    place = moment - part.start
    if not expected[place]:
        at = instant(rota.timezone, moment)
        away = {o.person for o in rota.overrides if o.change is Change.REMOVE and o.start <= at < o.end}
        last = [person for person in rota.last_resort if person not in away] or list(rota.last_resort)
        if not now.by_last_resort or list(now.people) != last:
            return False
    elif now.by_last_resort or sum(BIT[person] for person in now.people) != expected[place]:
        return False
    until = now.until - instant(rota.timezone, part.start) if now.until else timedelta.max
    ends = min(until // timedelta(minutes=1), len(part))
    if set(expected[place:ends]) != {expected[place]}:
        return False
    return ends == len(part) or sum(BIT[person] for person in now.following) == expected[ends]
