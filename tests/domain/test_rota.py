"""Who is on call: against an oracle that walks every shift, through every change of the clocks."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from crisis_hub.domain.rota import Layer, Rota, Shift, Turn, on_call, shift_at
from crisis_hub.domain.vocabulary import PersonId

ANA, BEN, CLEO, SAM = (PersonId(name) for name in ("ana", "ben", "cleo", "sam"))
HOUR = timedelta(hours=1)

# Zone, and the days on which its clocks change in 2026 (in Lord Howe by half an hour).
ZONES = [
    ("America/Chicago", (3, 8), (11, 1)),
    ("Europe/Warsaw", (3, 29), (10, 25)),
    ("Australia/Lord_Howe", (4, 5), (10, 4)),
    ("Africa/Casablanca", (2, 15), (3, 22)),
    ("Asia/Kathmandu", (1, 1), (7, 1)),
    ("UTC", (1, 1), (7, 1)),
]


# ------------------------------------------------------------------------------------------ the oracle


def instant(wall: datetime, zone: str) -> datetime:
    """Read a wall clock: the first of two equal times; in a gap as far after it as it stood after its beginning."""
    first = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    exists = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    if exists:
        return first
    before = (wall - timedelta(days=1)).replace(tzinfo=ZoneInfo(zone))
    offset = before.utcoffset()
    assert offset is not None
    return (wall - offset).replace(tzinfo=UTC)


def starts(layer: Layer, zone: str) -> Iterator[datetime]:
    """Walk the beginnings of all shifts, one after the other."""
    wall, number = layer.start, 0
    while True:
        yield instant(wall, zone)
        number += layer.shift_length
        if layer.turn is Turn.MONTHLY:
            months = layer.start.month - 1 + number
            year, month = layer.start.year + months // 12, months % 12 + 1
            wall = layer.start.replace(year=year, month=month, day=min(layer.start.day, monthrange(year, month)[1]))
        else:
            hours = {Turn.HOURLY: 1, Turn.DAILY: 24, Turn.WEEKLY: 168}[layer.turn]
            wall = layer.start + timedelta(hours=hours * number)


def oracle(layer: Layer, zone: str, at: datetime) -> Shift | None:
    """Find the shift by walking from the very first one."""
    begun: list[datetime] = []
    for start in starts(layer, zone):
        if start > at:
            return Shift(layer.people[(len(begun) - 1) % len(layer.people)], begun[-1], start) if begun else None
        begun.append(start)
    raise AssertionError("shifts never end")


# ------------------------------------------------------------------------------------------ against the oracle

LAYERS = st.builds(
    Layer,
    st.sampled_from(Turn),
    st.integers(1, 5),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 15)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001
    st.lists(st.sampled_from([ANA, BEN, CLEO]), min_size=1, max_size=4).map(tuple),
)
INSTANTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * HOUR / 60)


@settings(max_examples=30, deadline=None)
@for_all(LAYERS, INSTANTS, st.sampled_from([zone for zone, _, _ in ZONES]))
def test_every_instant_belongs_to_the_shift_that_the_oracle_finds(layer: Layer, at: datetime, zone: str) -> None:
    assert shift_at(layer, zone, at) == oracle(layer, zone, at)


@pytest.mark.parametrize("length", [1, 3])
@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize(("zone", "spring", "autumn"), ZONES)
def test_around_every_change_of_the_clocks(
    zone: str, spring: tuple[int, int], autumn: tuple[int, int], turn: Turn, length: int
) -> None:
    for month, day in (spring, autumn):
        noon_before = datetime(2026, month, day, 12, tzinfo=UTC) - timedelta(days=1)
        back = {Turn.HOURLY: 1, Turn.DAILY: 5, Turn.WEEKLY: 30, Turn.MONTHLY: 100}[turn]
        start = (noon_before - timedelta(days=back)).replace(tzinfo=None, hour=2, minute=30)
        layer = Layer(turn, length, start, (ANA, BEN, CLEO))
        for half_hours in range(0, 72, 5):
            at = noon_before + half_hours * HOUR / 2

            assert shift_at(layer, zone, at) == oracle(layer, zone, at), (zone, at)


def test_shifts_follow_each_other_without_a_gap_or_an_overlap() -> None:
    layer = Layer(Turn.DAILY, 1, datetime(2026, 3, 1, 2, 30), (ANA, BEN))  # noqa: DTZ001 - wall-clock time
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for _ in range(15):
        shift = shift_at(layer, "America/Chicago", at)
        assert shift is not None
        following = shift_at(layer, "America/Chicago", shift.end)
        assert following is not None

        assert following.start == shift.end
        assert shift_at(layer, "America/Chicago", shift.end - timedelta(microseconds=1)) == shift
        at = shift.end


# ------------------------------------------------------------------------------------------ in plain words

WEEKLY = Layer(Turn.WEEKLY, 1, datetime(2026, 1, 5, 8), (ANA, BEN))  # noqa: DTZ001 - wall-clock time


def rota(*layers: Layer, last_resort: tuple[PersonId, ...] = (SAM,)) -> Rota:
    return Rota("clinicians", "America/Chicago", layers, last_resort)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_shift_changes_at_eight_in_the_morning_in_winter_and_in_summer() -> None:
    """A nurse's week begins when her clock says so."""
    for change in ("2026-01-12T08:00-06:00", "2026-06-29T08:00-05:00"):
        moment = at(change)
        before, after = on_call(rota(WEEKLY), moment - timedelta(seconds=1)), on_call(rota(WEEKLY), moment)

        assert before.people != after.people
        assert before.until == moment
        assert before.next == after.people


def test_who_is_on_call_until_when_and_who_is_next() -> None:
    now = on_call(rota(WEEKLY), at("2026-01-06T03:00-06:00"))

    assert (now.people, now.next, now.by_last_resort) == ((ANA,), (BEN,), False)
    assert now.until == at("2026-01-12T08:00-06:00")


def test_a_night_shift_over_the_change_is_an_hour_shorter_or_longer() -> None:
    nights = Layer(Turn.DAILY, 1, datetime(2026, 3, 1, 20), (ANA,))  # noqa: DTZ001 - wall-clock time

    def hours(moment: str) -> float:
        shift = shift_at(nights, "America/Chicago", at(moment))
        assert shift is not None
        return (shift.end - shift.start) / HOUR

    assert (hours("2026-03-08T01:00-06:00"), hours("2026-11-01T00:30-05:00")) == (23, 25)


def test_the_first_layer_that_has_somebody_counts() -> None:
    later = Layer(Turn.WEEKLY, 1, datetime(2026, 6, 1, 8), (CLEO,))  # noqa: DTZ001 - wall-clock time
    empty = Layer(Turn.WEEKLY, 1, datetime(2026, 1, 5, 8), ())  # noqa: DTZ001 - wall-clock time

    assert on_call(rota(empty, later, WEEKLY), at("2026-01-06T03:00-06:00")).people == (ANA,)
    assert on_call(rota(empty, later, WEEKLY), at("2026-06-02T03:00-05:00")).people == (CLEO,)


def test_before_anybodys_first_shift_the_last_resort_is_called_and_says_so() -> None:
    now = on_call(rota(WEEKLY), at("2026-01-05T07:59-06:00"))

    assert (now.people, now.until, now.next, now.by_last_resort) == ((SAM,), None, (), True)
    assert on_call(rota(last_resort=()), at("2026-01-06T03:00-06:00")).people == ()


def test_the_thirty_first_becomes_the_last_day_of_a_shorter_month() -> None:
    monthly = Layer(Turn.MONTHLY, 1, datetime(2026, 1, 31, 8), (ANA, BEN))  # noqa: DTZ001 - wall-clock time
    seen = []
    moment = at("2026-01-31T08:00-06:00")
    for _ in range(5):
        shift = shift_at(monthly, "America/Chicago", moment)
        assert shift is not None
        seen.append(shift.start.astimezone(ZoneInfo("America/Chicago")).strftime("%m-%d %H"))
        moment = shift.end

    assert seen == ["01-31 08", "02-28 08", "03-31 08", "04-30 08", "05-31 08"]


def test_years_later_it_is_still_found() -> None:
    for turn in Turn:
        layer = Layer(turn, 1, datetime(2016, 2, 29, 8), (ANA, BEN, CLEO))  # noqa: DTZ001 - wall-clock time
        moment = at("2026-03-02T12:00-06:00")
        shift = shift_at(layer, "America/Chicago", moment)

        assert shift is not None
        assert shift.start <= moment < shift.end
