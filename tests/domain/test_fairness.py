"""How the load lies: hours are real hours, nights end in the morning, and nothing is counted for two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.fairness import Load, at_night, loads
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import first_instant
from crisis_hub.domain.windows import Holidays, Window

ANA, BEN, SAM = (PersonId(name) for name in ("ana", "ben", "sam"))
CHICAGO = ZoneInfo("America/Chicago")


def wall(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    """An instant as the clock on the wall shows it."""
    return first_instant(datetime.fromisoformat(text), zone)


def daily(*people: PersonId, at: str = "2026-01-05T08:00", **more: object) -> Rota:
    """A rota with a hand-over every day."""
    layer = Layer(Turn.DAILY, 1, datetime.fromisoformat(at), people, "main")
    return Rota("clinicians", "America/Chicago", (replace(layer, **more),), (SAM,))  # type: ignore[arg-type]


def one(rota: Rota, start: str, end: str, who: PersonId = ANA) -> Load:
    """What one person carries between two times of the wall clock."""
    return next(load for load in loads(rota, wall(start), wall(end)) if load.person == who)


def test_a_week_between_two_has_every_night_and_hour_once() -> None:
    ana, ben = loads(daily(ANA, BEN), wall("2026-01-05T08:00"), wall("2026-01-12T08:00"))

    assert (ana.person, ana.hours, ana.nights) == (ANA, 96, 4)
    assert (ben.person, ben.hours, ben.nights) == (BEN, 72, 3)
    assert (ana.weekends, ben.weekends) == (1, 1)  # Ana has Sunday, Ben Saturday and the morning after


@pytest.mark.parametrize(
    ("night", "hours"),
    [("2026-03-07", 23.0), ("2026-03-08", 24.0), ("2026-10-31", 25.0)],
    ids=["an hour is left out", "after it", "an hour comes twice"],
)
def test_hours_are_real_ones_on_nights_when_clocks_are_changed(night: str, hours: float) -> None:
    after = (date.fromisoformat(night) + timedelta(days=1)).isoformat()
    load = one(daily(ANA), f"{night}T08:00", f"{after}T08:00")

    assert (load.hours, load.nights) == (hours, 1)


@pytest.mark.parametrize(
    ("start", "end", "nights"),
    [
        ("2026-01-06T20:00", "2026-01-07T00:59", 0),
        ("2026-01-06T20:00", "2026-01-07T01:00", 1),
        ("2026-01-07T03:01", "2026-01-07T09:00", 0),
        ("2026-01-07T03:00", "2026-01-07T09:00", 1),
        ("2026-01-06T08:00", "2026-01-06T22:00", 0),
        # On the shortest night of the year the clocks show six, and only two hours have passed since half past two.
        ("2026-03-08T01:30", "2026-03-08T05:00", 0),
        ("2026-03-08T01:30", "2026-03-08T06:00", 1),
        # An hour comes twice: from half past one until three there are two and a half, until half past three hours.
        ("2026-11-01T01:00", "2026-11-01T02:59", 0),
        ("2026-11-01T01:00", "2026-11-01T03:00", 1),
    ],
)
def test_a_night_counts_from_three_hours_on(start: str, end: str, nights: int) -> None:
    assert one(daily(ANA), start, end).nights == nights


def test_a_night_in_two_pieces_is_one_and_a_weekend_is_no_matter_how_long() -> None:
    twice = daily(ANA, only=(Window(start=time(22), end=time(0)), Window(start=time(4), end=time(6))))

    assert one(twice, "2026-01-05T12:00", "2026-01-06T12:00").nights == 1
    assert one(daily(ANA), "2026-01-09T08:00", "2026-01-19T08:00").weekends == 2
    assert one(daily(ANA), "2026-01-11T21:01", "2026-01-16T08:00").weekends == 0


def test_holidays_are_those_of_the_rota() -> None:
    kept = replace(daily(ANA, BEN), holidays=Holidays(frozenset({date(2026, 1, 19)}), frozenset({(12, 25)})))

    assert one(kept, "2026-01-01T00:00", "2026-02-01T00:00").holidays == 1
    assert one(kept, "2026-12-25T00:00", "2026-12-25T02:00").holidays == 0


def test_who_is_on_call_by_two_layers_at_once_has_the_hour_once() -> None:
    rota = daily(ANA)
    double = replace(rota, layers=(*rota.layers, replace(rota.layers[0], name="second")))

    assert one(double, "2026-01-05T08:00", "2026-01-07T08:00") == one(rota, "2026-01-05T08:00", "2026-01-07T08:00")


def test_two_hours_by_two_layers_are_two_hours_and_no_night() -> None:
    rota = daily(ANA)
    double = replace(rota, layers=(*rota.layers, replace(rota.layers[0], name="second")))

    assert one(double, "2026-01-06T22:00", "2026-01-07T00:00") == Load(ANA, timedelta(hours=2))


def test_a_night_is_one_where_the_layer_is_and_not_where_the_rota_is() -> None:
    """Who stands in for another continent's night works by day."""
    by_day = Window(start=time(8), end=time(20))
    sydney = daily(ANA, only=(by_day,), timezone="Australia/Sydney")
    chicago = daily(ANA, only=(by_day,))

    # Eight to twenty in Sydney is the evening and the night in Chicago.
    assert one(sydney, "2026-01-06T00:00", "2026-01-13T00:00").nights == 0
    assert one(sydney, "2026-01-06T00:00", "2026-01-13T00:00").hours == 84
    assert one(chicago, "2026-01-06T00:00", "2026-01-13T00:00").nights == 0
    assert one(replace(sydney, layers=(replace(sydney.layers[0], timezone=None, only=()),)), *_WEEK).nights == 7


_WEEK = ("2026-01-05T08:00", "2026-01-12T08:00")


def test_what_was_arranged_by_hand_counts_for_who_was_there() -> None:
    off = Override(Change.REPLACE, BEN, wall("2026-01-06T20:00"), wall("2026-01-07T08:00"), ANA)
    ana, ben = loads(daily(ANA), wall("2026-01-05T08:00"), wall("2026-01-08T08:00"), [off])

    assert (ana.hours, ana.nights, ben.hours, ben.nights) == (60, 2, 12, 1)


def test_who_has_nothing_is_listed_with_nothing() -> None:
    weekly = replace(daily(ANA, BEN), layers=(replace(daily(ANA, BEN).layers[0], turn=Turn.WEEKLY),))

    assert [(x.person, x.hours) for x in loads(weekly, wall(_WEEK[0]), wall(_WEEK[1]))] == [(ANA, 168), (BEN, 0)]


def test_months_lie_on_months_and_not_on_thirty_days() -> None:
    monthly = replace(daily(ANA, BEN), layers=(replace(daily(ANA, BEN).layers[0], turn=Turn.MONTHLY),))
    late = replace(monthly, layers=(replace(monthly.layers[0], start=datetime.fromisoformat("2026-01-31T00:00")),))
    found = {x.person: x for x in loads(late, wall("2026-01-31T00:00"), wall("2026-04-30T00:00"))}

    assert found[ANA].hours == (28 + 30) * 24  # 31 January to 28 February, 31 March to 30 April
    assert found[BEN].hours == 31 * 24 - 1  # 28 February to 31 March, with the hour that is left out


def test_a_page_wakes_only_at_night_and_only_who_is_on_call() -> None:
    times = [wall(f"2026-01-06T{at}") for at in ("02:00", "02:29", "02:58", "05:59", "06:00", "21:59", "22:00")]
    found = {
        x.person: x.wakes
        for x in loads(daily(ANA, BEN), wall(_WEEK[0]), wall(_WEEK[1]), (), {ANA: times, BEN: times, SAM: times})
    }

    # Ana has Monday night: two, which became one evening of three pages, and six in the morning; Ben has ten o'clock.
    assert found == {ANA: 2, BEN: 1}


def test_what_is_night_is_told_by_the_wall() -> None:
    assert at_night(wall("2026-01-06T22:00"), CHICAGO)
    assert not at_night(wall("2026-01-06T06:00"), CHICAGO)
    assert at_night(wall("2026-03-08T03:00"), CHICAGO)
