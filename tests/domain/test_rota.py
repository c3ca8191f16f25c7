"""Who is on call, in plain words: hand-overs, changes of the clocks, layers, covers, gaps.

Every minute of random rotas is compared with an oracle in `test_rota_minutes.py`; here stand the cases that people ask
about, with the answer written beside them.
"""

# ruff: noqa: E501 (a question, and its answer beside it, are read best on one line)

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crisis_hub.domain.covering import Change, Override, Temporary
from crisis_hub.domain.layers import Layer
from crisis_hub.domain.rota import Gap, OnCall, Rota, gaps, on_call, shifts
from crisis_hub.domain.turns import Rhythm, Turn, place_of, turn_at, turns_between
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import Holidays, OnHolidays, Window, run_at

ANA, BEN, CLEO, SAM = (PersonId(name) for name in ("ana", "ben", "cleo", "sam"))
HOUR = timedelta(hours=1)
CHICAGO = "America/Chicago"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def said(moment: datetime, zone: str = CHICAGO) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def layer(turn: Turn, start: str, *people: PersonId, length: int = 1) -> Layer:
    return Layer(turn, length, at(start), people, name="main")


def rota(*layers: Layer, last_resort: tuple[PersonId, ...] = (SAM,), zone: str = CHICAGO) -> Rota:
    return Rota("clinicians", zone, layers, last_resort)


WEEKLY = layer(Turn.WEEKLY, "2026-01-05T08:00", ANA, BEN)


# ------------------------------------------------------------------------------------------ hand-overs

TELLING = [
    # turn, length, zone, start, asked, and the turn that holds it
    (Turn.DAILY, 1, CHICAGO, "2017-03-11T08:00", "2017-03-11T08:00-06:00", "2017-03-11T08:00-06:00", "2017-03-12T08:00-05:00", 23),
    (Turn.DAILY, 1, CHICAGO, "2017-11-04T08:00", "2017-11-04T08:00-05:00", "2017-11-04T08:00-05:00", "2017-11-05T08:00-06:00", 25),
    (Turn.HOURLY, 3, CHICAGO, "2017-03-12T00:00", "2017-03-12T00:00-06:00", "2017-03-12T00:00-06:00", "2017-03-12T03:00-05:00", 2),
    (Turn.HOURLY, 3, CHICAGO, "2017-11-05T00:00", "2017-11-05T00:00-05:00", "2017-11-05T00:00-05:00", "2017-11-05T03:00-06:00", 4),
    (Turn.DAILY, 1, CHICAGO, "2020-03-06T02:30", "2020-03-08T12:00-05:00", "2020-03-08T03:00-05:00", "2020-03-09T02:30-05:00", 23.5),
    (Turn.DAILY, 1, "Australia/Lord_Howe", "2020-10-02T02:15", "2020-10-04T12:00+11:00", "2020-10-04T02:30+11:00", "2020-10-05T02:15+11:00", 23.75),
    (Turn.HOURLY, 10, "UTC", "2020-06-01T03:00", "2020-05-30T21:00+00:00", "2020-05-30T21:00+00:00", "2020-05-31T07:00+00:00", 10),
    (Turn.HOURLY, 8, CHICAGO, "2018-11-21T10:00", "2021-03-10T09:00:01-06:00", "2021-03-10T02:00-06:00", "2021-03-10T10:00-06:00", 8),
    (Turn.WEEKLY, 1, CHICAGO, "2024-10-01T00:00", "2024-11-04T00:00+00:00", "2024-10-29T00:00-05:00", "2024-11-05T00:00-06:00", 169),
    # more of our own: the hour that comes twice, the hour that never comes
    (Turn.HOURLY, 1, CHICAGO, "2017-11-05T00:00", "2017-11-05T01:30-06:00", "2017-11-05T01:00-05:00", "2017-11-05T02:00-06:00", 2),
    (Turn.HOURLY, 1, CHICAGO, "2017-03-12T00:00", "2017-03-12T03:00-05:00", "2017-03-12T03:00-05:00", "2017-03-12T04:00-05:00", 1),
    (Turn.DAILY, 1, CHICAGO, "2026-10-30T01:30", "2026-11-01T01:30-05:00", "2026-11-01T01:30-05:00", "2026-11-02T01:30-06:00", 25),
    # clocks that go back for Ramadan and forward after it
    (Turn.DAILY, 1, "Africa/Casablanca", "2026-02-10T08:00", "2026-02-14T12:00+01:00", "2026-02-14T08:00+01:00", "2026-02-15T08:00+00:00", 25),
    (Turn.DAILY, 1, "Africa/Casablanca", "2026-02-10T02:30", "2026-03-22T12:00+01:00", "2026-03-22T03:00+01:00", "2026-03-23T02:30+01:00", 23.5),
    # a zone that gave summer time up
    (Turn.DAILY, 1, "Asia/Tehran", "2022-03-01T08:00", "2022-03-21T12:00+03:30", "2022-03-21T08:00+03:30", "2022-03-22T08:00+04:30", 23),
    (Turn.DAILY, 1, "Asia/Tehran", "2022-03-01T08:00", "2024-03-21T12:00+03:30", "2024-03-21T08:00+03:30", "2024-03-22T08:00+03:30", 24),
    # the day that Samoa left out
    (Turn.DAILY, 1, "Pacific/Apia", "2011-12-27T08:00", "2011-12-29T12:00-10:00", "2011-12-29T08:00-10:00", "2011-12-31T00:00+14:00", 16),
    (Turn.DAILY, 1, "Pacific/Apia", "2011-12-27T08:00", "2011-12-31T01:00+14:00", "2011-12-31T00:00+14:00", "2011-12-31T08:00+14:00", 8),
    # months
    (Turn.MONTHLY, 1, CHICAGO, "2026-01-31T08:00", "2026-02-28T08:00-06:00", "2026-02-28T08:00-06:00", "2026-03-31T08:00-05:00", 743),
    (Turn.MONTHLY, 2, "UTC", "2025-12-30T08:00", "2026-03-01T00:00+00:00", "2026-02-28T08:00+00:00", "2026-04-30T08:00+00:00", 61 * 24),
    (Turn.MONTHLY, 1, "UTC", "2026-03-31T08:00", "2026-02-28T07:00+00:00", "2026-01-31T08:00+00:00", "2026-02-28T08:00+00:00", 28 * 24),
]  # fmt: skip


@pytest.mark.parametrize(("turn", "length", "zone", "start", "asked", "begins", "ends", "hours"), TELLING)
def test_telling_hand_overs(
    *, turn: Turn, length: int, zone: str, start: str, asked: str, begins: str, ends: str, hours: float
) -> None:
    held = turn_at(Rhythm(turn, length, at(start)), ZoneInfo(zone), at(asked))

    assert (said(held.start, zone), said(held.end, zone)) == (begins, ends)
    assert (held.end - held.start) / HOUR == hours


def test_every_second_month_and_in_force_an_hour_after_the_start() -> None:
    """Two hours every second month; the first ones are over when the layer comes into force."""
    start = at("2022-10-01T10:30")
    each = replace(
        Layer(Turn.MONTHLY, 2, start, (BEN, ANA), "main"), since=at("2022-10-01T11:30+00:00"), on_for=timedelta(hours=1)
    )
    asked = rota(each, zone="UTC", last_resort=())

    assert [(shift.person, said(shift.start, "UTC")) for shift in shifts(asked, at("2022-10-01T00Z"), at("2023-03-01T00Z"))] == [
        (ANA, "2022-12-01T10:30+00:00"),
        (BEN, "2023-02-01T10:30+00:00"),
    ]  # fmt: skip
    for month in ("2022-10", "2022-11", "2023-01"):
        assert on_call(asked, at(f"{month}-01T10:45+00:00")).people == ()


def test_a_turn_that_falls_into_the_jump_is_nobodys_and_nobody_loses_one() -> None:
    hourly = Rhythm(Turn.HOURLY, 1, at("2017-03-12T00:00"))
    zone = ZoneInfo(CHICAGO)
    seen = [
        (place_of(hourly, zone, held.number), said(held.start))
        for held in turns_between(hourly, zone, at("2017-03-12T00:00-06:00"), at("2017-03-12T05:00-05:00"))
    ]

    assert seen == [
        (0, "2017-03-12T00:00-06:00"),
        (1, "2017-03-12T01:00-06:00"),
        (2, "2017-03-12T03:00-05:00"),
        (3, "2017-03-12T04:00-05:00"),
    ]
    # The same counted backwards, from a start after the jump.
    later = Rhythm(Turn.HOURLY, 1, at("2017-03-12T05:00"))
    assert place_of(later, zone, turn_at(later, zone, at("2017-03-12T01:30-06:00")).number) == -3


def test_months_from_the_thirty_first_are_counted_from_the_start_and_do_not_drift() -> None:
    monthly = Rhythm(Turn.MONTHLY, 1, at("2028-01-31T08:00"))
    held = turns_between(monthly, ZoneInfo(CHICAGO), at("2028-01-31T14:00Z"), at("2028-06-01T00:00Z"))

    assert [said(one.start)[5:13] for one in held] == ["01-31T08", "02-29T08", "03-31T08", "04-30T08", "05-31T08"]


def test_the_shift_changes_at_eight_in_the_morning_in_winter_and_in_summer() -> None:
    """A nurse's week begins when her clock says so; in the second of the change it is the next one's already."""
    for change in ("2026-01-12T08:00-06:00", "2026-06-29T08:00-05:00"):
        moment = at(change)
        before, after = on_call(rota(WEEKLY), moment - timedelta.resolution), on_call(rota(WEEKLY), moment)

        assert before.people != after.people
        assert before.until == moment
        assert before.following == after.people


def test_who_is_on_call_until_when_why_and_who_is_next() -> None:
    now = on_call(rota(WEEKLY), at("2026-01-06T03:00-06:00"))

    assert (now.people, now.following, now.by_last_resort) == ((ANA,), (BEN,), False)
    assert now.until == at("2026-01-12T08:00-06:00")
    assert [(why.person, why.layer, why.turn) for why in now.why] == [(ANA, "main", 0)]


def test_before_anybodys_first_shift_the_last_resort_is_called_until_somebody_comes() -> None:
    now = on_call(rota(WEEKLY), at("2026-01-05T07:59-06:00"))

    assert now == OnCall((SAM,), at("2026-01-05T08:00-06:00"), (ANA,), by_last_resort=True)
    assert on_call(rota(last_resort=()), at("2026-01-06T03:00-06:00")) == OnCall((), None, (), by_last_resort=True)


@pytest.mark.parametrize("turn", Turn)
def test_years_before_and_after_the_start_it_is_still_found(turn: Turn) -> None:
    rhythm = Rhythm(turn, 1, at("2016-02-29T08:00"))
    for moment in (at("2003-03-02T12:00-06:00"), at("2066-03-02T12:00-06:00")):
        held = turn_at(rhythm, ZoneInfo(CHICAGO), moment)

        assert held.start <= moment < held.end


# ------------------------------------------------------------------------------------------ windows

EVERY_DAY = frozenset(range(7))
WINDOWS = [
    # days, from, to, zone, at, open, and the run
    ({0, 1, 2, 3, 4}, "08:00", "20:00", CHICAGO, "2026-01-05T08:00-06:00", True, "2026-01-05T08:00-06:00", "2026-01-05T20:00-06:00"),
    ({0, 1, 2, 3, 4}, "08:00", "20:00", CHICAGO, "2026-01-05T20:00-06:00", False, "2026-01-06T08:00-06:00", "2026-01-06T20:00-06:00"),
    ({4}, "20:00", "08:00", CHICAGO, "2026-01-10T07:59-06:00", True, "2026-01-09T20:00-06:00", "2026-01-10T08:00-06:00"),
    ({5}, "20:00", "08:00", CHICAGO, "2026-01-10T07:59-06:00", False, "2026-01-10T20:00-06:00", "2026-01-11T08:00-06:00"),
    ({5, 6}, "00:00", "00:00", CHICAGO, "2026-01-11T12:00-06:00", True, "2026-01-10T00:00-06:00", "2026-01-12T00:00-06:00"),
    ({0, 2}, "09:00", "09:00", CHICAGO, "2026-01-06T08:00-06:00", True, "2026-01-05T09:00-06:00", "2026-01-06T09:00-06:00"),
    # begins at the first 01:30, ends at the last
    ({6}, "01:30", "03:00", CHICAGO, "2026-11-01T01:45-05:00", True, "2026-11-01T01:30-05:00", "2026-11-01T03:00-06:00"),
    ({6}, "00:00", "01:30", CHICAGO, "2026-11-01T01:15-06:00", True, "2026-11-01T00:00-05:00", "2026-11-01T01:30-06:00"),
    # 02:30 never comes
    ({6}, "02:30", "05:00", CHICAGO, "2026-03-08T01:00-06:00", False, "2026-03-08T03:00-05:00", "2026-03-08T05:00-05:00"),
    ({6}, "00:00", "02:30", CHICAGO, "2026-03-08T01:59-06:00", True, "2026-03-08T00:00-06:00", "2026-03-08T03:00-05:00"),
    # neither end comes, so neither does the window; the next is a week later
    ({6}, "02:15", "02:45", CHICAGO, "2026-03-08T00:00-06:00", False, "2026-03-15T02:15-05:00", "2026-03-15T02:45-05:00"),
    # the whole of the day that Samoa left out; Friday
    ({4}, "08:00", "20:00", "Pacific/Apia", "2011-12-29T22:00-10:00", False, "2012-01-06T08:00+14:00", "2012-01-06T20:00+14:00"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "start", "end", "zone", "asked", "is_open", "begins", "ends"), WINDOWS)
def test_windows(
    *, days: set[int], start: str, end: str, zone: str, asked: str, is_open: bool, begins: str, ends: str
) -> None:
    window = Window(frozenset(days), time.fromisoformat(start), time.fromisoformat(end))
    run = run_at(window, Holidays(), ZoneInfo(zone), at(asked))

    assert run is not None
    assert (run.open, said(run.start, zone), said(run.end, zone)) == (is_open, begins, ends)


def test_a_window_without_days_never_opens_and_one_of_all_days_is_never_shut() -> None:
    never, always = Window(frozenset()), Window()

    assert run_at(never, Holidays(), ZoneInfo(CHICAGO), at("2026-01-05T12:00Z")) is None
    found = run_at(always, Holidays(), ZoneInfo(CHICAGO), at("2026-01-05T12:00Z"))
    assert found is not None
    assert found.open


CHRISTMAS = Holidays(frozenset({date(2026, 12, 25)}), frozenset({(1, 1)}))


@pytest.mark.parametrize(
    ("on_holidays", "start", "asked", "expected"),
    [
        (OnHolidays.NOT, "00:00", "2026-12-25T12:00-06:00", False),
        (OnHolidays.NOT, "00:00", "2026-12-26T00:00-06:00", True),
        (OnHolidays.ONLY, "00:00", "2026-12-25T23:59-06:00", True),
        (OnHolidays.ONLY, "00:00", "2026-12-26T00:00-06:00", False),
        (OnHolidays.ONLY, "00:00", "2031-01-01T12:00-06:00", True),
        # The night belongs to the day on which it begins.
        (OnHolidays.NOT, "20:00", "2026-12-25T03:00-06:00", True),
        (OnHolidays.NOT, "20:00", "2026-12-26T03:00-06:00", False),
        (OnHolidays.AS_ALWAYS, "20:00", "2026-12-26T03:00-06:00", True),
    ],
)
def test_holidays(on_holidays: OnHolidays, start: str, asked: str, expected: bool) -> None:
    window = Window(
        EVERY_DAY, time.fromisoformat(start), time.fromisoformat("08:00" if start != "00:00" else start), on_holidays
    )
    asked_of = replace(rota(replace(WEEKLY, only=(window,))), holidays=CHRISTMAS)

    assert bool(on_call(asked_of, at(asked)).why) is expected


# ------------------------------------------------------------------------------------------ layers

NIGHTS = replace(
    layer(Turn.DAILY, "2026-01-05T20:00", CLEO), name="nights", only=(Window(EVERY_DAY, time(20), time(8)),)
)


def test_layers_count_together() -> None:
    both = rota(WEEKLY, NIGHTS)

    assert on_call(both, at("2026-01-06T12:00-06:00")).people == (ANA,)
    assert on_call(both, at("2026-01-06T22:00-06:00")).people == (ANA, CLEO)
    assert on_call(both, at("2026-01-06T12:00-06:00")).until == at("2026-01-06T20:00-06:00")


def test_a_layer_that_stands_instead_hides_the_other_only_while_it_has_somebody() -> None:
    instead = rota(WEEKLY, replace(NIGHTS, instead_of=("main",)))

    assert on_call(instead, at("2026-01-06T12:00-06:00")).people == (ANA,)
    assert on_call(instead, at("2026-01-06T22:00-06:00")).people == (CLEO,)
    assert on_call(instead, at("2026-01-07T08:00-06:00")).people == (ANA,)


def test_layers_that_hide_each_other_hide_nobody() -> None:
    circle = rota(replace(WEEKLY, instead_of=("nights",)), replace(NIGHTS, instead_of=("main",)))

    assert on_call(circle, at("2026-01-06T22:00-06:00")).people == (ANA, CLEO)


def test_following_the_sun_each_layer_by_its_own_clock() -> None:
    """08:00 to 20:00 in Chicago, and 08:00 to 20:00 in Kolkata, which leaves some hours to nobody."""
    day = (Window(EVERY_DAY, time(8), time(20)),)
    west = replace(layer(Turn.WEEKLY, "2026-01-05T08:00", ANA), only=day)
    east = replace(layer(Turn.WEEKLY, "2026-01-05T08:00", BEN), name="east", only=day, timezone="Asia/Kolkata")
    seen = [
        (one.person, said(one.start)) for one in shifts(rota(west, east), at("2026-02-03T00Z"), at("2026-02-04T00Z"))
    ]

    assert seen == [(ANA, "2026-02-02T08:00-06:00"), (BEN, "2026-02-02T20:30-06:00"), (ANA, "2026-02-03T08:00-06:00")]
    assert [said(gap.start) for gap in gaps(rota(west, east), at("2026-02-02T14:00Z"), at("2026-02-03T14:30Z"))] == [
        "2026-02-02T20:00-06:00"
    ]


def test_a_layer_counts_only_while_it_is_in_force() -> None:
    bounded = replace(WEEKLY, since=at("2026-01-06T00:00-06:00"), until=at("2026-01-20T00:00-06:00"))
    found = list(shifts(rota(bounded), at("2026-01-01T00Z"), at("2026-03-01T00Z")))

    assert [(one.person, said(one.start), said(one.end)) for one in found] == [
        (ANA, "2026-01-06T00:00-06:00", "2026-01-12T08:00-06:00"),
        (BEN, "2026-01-12T08:00-06:00", "2026-01-19T08:00-06:00"),
        (ANA, "2026-01-19T08:00-06:00", "2026-01-20T00:00-06:00"),
    ]
    # Who comes into force before the start keeps the order, counted backwards.
    early = rota(replace(WEEKLY, since=at("2025-12-01T00:00-06:00")))
    assert on_call(early, at("2026-01-04T12:00-06:00")).people == (BEN,)


def test_shifts_shorter_than_their_period_end_at_the_last_of_two_equal_times() -> None:
    short = replace(layer(Turn.DAILY, "2026-10-30T13:30", ANA), on_for=timedelta(hours=12))
    found = list(shifts(rota(short), at("2026-10-31T20:00Z"), at("2026-10-31T21:00Z")))

    assert [(said(one.start), said(one.end)) for one in found] == [("2026-10-31T13:30-05:00", "2026-11-01T01:30-06:00")]


# ------------------------------------------------------------------------------------------ arranged by hand

TUESDAY = (at("2026-01-06T08:00-06:00"), at("2026-01-07T08:00-06:00"))


def test_somebody_stands_in_for_somebody_and_somebody_else_for_them() -> None:
    first = Override(Change.REPLACE, BEN, *TUESDAY, for_whom=ANA)
    second = Override(Change.REPLACE, CLEO, *TUESDAY, for_whom=BEN)

    assert on_call(rota(WEEKLY), TUESDAY[0], [first]).people == (BEN,)
    assert on_call(rota(WEEKLY), TUESDAY[0], [first, second]).people == (CLEO,)
    assert on_call(rota(WEEKLY), TUESDAY[0] - timedelta.resolution, [first]).people == (ANA,)
    assert on_call(rota(WEEKLY), TUESDAY[1], [first]).people == (ANA,)
    assert on_call(rota(WEEKLY), TUESDAY[0], [replace(first, for_whom=CLEO)]).people == (ANA,)


def test_who_is_added_comes_too_and_who_is_removed_stays_away() -> None:
    added, removed = Override(Change.ADD, CLEO, *TUESDAY), Override(Change.REMOVE, ANA, *TUESDAY)

    assert on_call(rota(WEEKLY), TUESDAY[0], [added]).people == (ANA, CLEO)
    assert on_call(rota(WEEKLY), TUESDAY[0], [added, removed]).people == (CLEO,)
    alone = on_call(replace(rota(WEEKLY), overrides=(removed,)), TUESDAY[0])
    assert (alone.people, alone.by_last_resort, alone.until, alone.following) == ((SAM,), True, TUESDAY[1], (ANA,))


def test_a_cover_for_some_hours_leaves_the_rest_of_the_shift_in_two_parts() -> None:
    cover = Override(Change.REPLACE, BEN, *TUESDAY, for_whom=ANA)
    found = list(shifts(rota(WEEKLY), at("2026-01-06T00Z"), at("2026-01-08T00Z"), [cover]))

    assert [(one.person, said(one.start), said(one.end)) for one in found] == [
        (ANA, "2026-01-05T08:00-06:00", "2026-01-06T08:00-06:00"),
        (BEN, "2026-01-06T08:00-06:00", "2026-01-07T08:00-06:00"),
        (ANA, "2026-01-07T08:00-06:00", "2026-01-12T08:00-06:00"),
    ]
    assert found[1].why.for_whom == ANA


def test_what_is_arranged_for_others_does_not_cut_a_shift() -> None:
    added = Override(Change.ADD, CLEO, *TUESDAY)
    found = list(shifts(rota(WEEKLY), at("2026-01-05T20:00Z"), at("2026-01-08T00Z"), [added]))

    assert [(one.person, one.end - one.start) for one in found] == [(CLEO, 24 * HOUR), (ANA, 168 * HOUR)]


def test_a_temporary_schedule_takes_the_place_of_everything_and_covers_count_on_top() -> None:
    festival = Temporary(*TUESDAY, (layer(Turn.HOURLY, "2026-01-06T08:00", CLEO, BEN, length=12),))
    special = replace(rota(WEEKLY, NIGHTS), temporary=(festival,))

    assert on_call(special, TUESDAY[0]).people == (CLEO,)
    assert on_call(special, TUESDAY[0] + 12 * HOUR).people == (BEN,)
    assert on_call(special, TUESDAY[1]).people == (ANA,)
    assert on_call(special, TUESDAY[0], [Override(Change.ADD, ANA, *TUESDAY)]).people == (CLEO, ANA)


# ------------------------------------------------------------------------------------------ gaps


def test_gaps_are_found_where_nobody_is_and_the_last_resort_does_not_fill_them() -> None:
    office = replace(WEEKLY, only=(Window(frozenset(range(5)), time(8), time(20)),))
    found = list(gaps(rota(office), at("2026-01-09T12:00-06:00"), at("2026-01-12T12:00-06:00")))

    assert found == [Gap(at("2026-01-09T20:00-06:00"), at("2026-01-12T08:00-06:00"))]
    assert list(gaps(rota(WEEKLY), at("2026-01-05T08:00-06:00"), at("2027-01-05T08:00-06:00"))) == []
    whole = (at("2025-01-01T00Z"), at("2025-02-01T00Z"))
    assert list(gaps(rota(WEEKLY), *whole)) == [Gap(*whole)]


def test_nothing_is_asked_of_an_empty_span() -> None:
    moment = at("2026-01-06T00Z")

    assert list(shifts(rota(WEEKLY), moment, moment)) == []
    assert list(gaps(rota(WEEKLY), moment, moment)) == []


def test_a_shift_that_begins_where_the_span_ends_is_not_in_it() -> None:
    week = (at("2026-01-05T08:00-06:00"), at("2026-01-12T08:00-06:00"))

    assert [one.person for one in shifts(rota(WEEKLY), *week)] == [ANA]
    assert [one.person for one in shifts(rota(WEEKLY), week[0], week[1] + timedelta.resolution)] == [ANA, BEN]


def test_what_is_arranged_later_counts_on_top_of_what_stands_in_the_file() -> None:
    filed = replace(rota(WEEKLY), overrides=(Override(Change.REPLACE, BEN, *TUESDAY, for_whom=ANA),))

    assert on_call(filed, TUESDAY[0], [Override(Change.REPLACE, CLEO, *TUESDAY, for_whom=BEN)]).people == (CLEO,)


@pytest.mark.parametrize("turn", Turn)
def test_turns_are_counted_backwards_one_by_one(turn: Turn) -> None:
    rhythm = Rhythm(turn, 1, at("2026-03-31T12:00"))
    held = turn_at(rhythm, ZoneInfo("UTC"), at("2026-03-31T12:00+00:00"))
    for number in range(-1, -30, -1):
        held = turn_at(rhythm, ZoneInfo("UTC"), held.start - timedelta.resolution)

        assert held.number == number
