"""A fair plan: what weighs lies evenly, nobody who is away is planned, and the same question gets the same answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis_hub.domain.errors import Wrong
from crisis_hub.domain.events import Stint
from crisis_hub.domain.proposal import Plan, Wanted, propose, usual
from crisis_hub.domain.turns import Rhythm, Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.windows import Holidays

PEOPLE = tuple(PersonId(name) for name in ("ana", "ben", "cam", "dee", "eve"))
START = datetime(2026, 3, 2, 14, tzinfo=UTC)  # eight in the morning in Chicago


def wanted(people: int = 4, rhythm: Rhythm | None = None, hours: int = 0, holidays: Holidays | None = None) -> Wanted:
    """A plan for so many people."""
    rest = timedelta(hours=hours)
    return Wanted(PEOPLE[:people], rhythm or usual(), "America/Chicago", rest, holidays or Holidays())


def whole(plan: Plan, start: datetime, end: datetime) -> None:
    """See that every instant has exactly one person."""
    edges = [start, *(edge for one in plan.shifts for edge in (one.stint.start, one.stint.end)), end]
    assert edges[::2] == edges[1::2] or edges == sorted(edges)
    assert plan.shifts[0].stint.start == start
    assert plan.shifts[-1].stint.end == end
    assert all(a.stint.end == b.stint.start for a, b in zip(plan.shifts, plan.shifts[1:], strict=False))


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5])
def test_twelve_weeks_of_days_lie_evenly(people: int) -> None:
    end = START + timedelta(weeks=12)
    plan = propose(wanted(people), START, end)

    whole(plan, START, end)
    for of in ("hours", "nights", "weekends"):
        carried = [getattr(load, of) for load in plan.load]
        slack = 24 if of == "hours" else 2
        assert max(carried) - min(carried) <= slack, (of, carried)


def test_holidays_are_shared_too() -> None:
    holidays = Holidays(frozenset(date(2026, 3, day) for day in (4, 11, 18, 25)))
    plan = propose(wanted(4, holidays=holidays), START, START + timedelta(weeks=4))

    # A holiday lies on two days of twenty-four hours from eight to eight; both count where three hours are in it.
    assert max(load.holidays for load in plan.load) - min(load.holidays for load in plan.load) <= 1


def test_days_and_nights_are_shared_when_hands_are_changed_every_twelve_hours() -> None:
    twice = Rhythm(Turn.HOURLY, 12, datetime(2026, 3, 2, 8))  # noqa: DTZ001 - on a wall
    plan = propose(wanted(4, twice, hours=11), START, START + timedelta(weeks=4))
    last: dict[PersonId, datetime] = {}
    for one in plan.shifts:
        if one.person in last:
            assert one.stint.start - last[one.person] >= timedelta(hours=11)
        last[one.person] = one.stint.end

    nights = [load.nights for load in plan.load]
    assert max(nights) - min(nights) <= 1


def test_who_is_away_is_not_planned_and_carries_no_less_for_it_elsewhere() -> None:
    away = Stint(START + timedelta(days=3), START + timedelta(days=10))
    plan = propose(wanted(3), START, START + timedelta(weeks=6), {PEOPLE[0]: [away]})

    assert not [one for one in plan.shifts if one.person == PEOPLE[0] and one.stint.meets(away)]
    assert max(load.hours for load in plan.load) - min(load.hours for load in plan.load) <= 24


def test_nobody_is_on_call_two_days_running_where_others_are_there() -> None:
    plan = propose(wanted(3), START, START + timedelta(weeks=4))

    assert all(a.person != b.person for a, b in zip(plan.shifts, plan.shifts[1:], strict=False))


def test_with_nobody_or_no_time_there_is_no_plan_and_with_one_they_have_it_all() -> None:
    assert propose(wanted(0), START, START + timedelta(days=3)).shifts == ()
    assert propose(wanted(2), START, START).shifts == ()
    alone = propose(wanted(1, hours=11), START, START + timedelta(days=3), {PEOPLE[0]: [Stint(START, START)]})
    assert {one.person for one in alone.shifts} == {PEOPLE[0]}


def test_more_shifts_than_anybody_plans_at_once_are_refused() -> None:
    hourly = Rhythm(Turn.HOURLY, 1, datetime(2026, 3, 2, 8))  # noqa: DTZ001 - on a wall

    with pytest.raises(Wrong):
        propose(wanted(2, hourly), START, START + timedelta(hours=1001))
    assert len(propose(wanted(2, hourly), START, START + timedelta(hours=1000)).shifts) == 1000


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.sampled_from([*Turn]), st.integers(1, 3), st.integers(0, 24), st.integers(1, 40))
def test_every_plan_is_whole_and_the_same_again(people: int, turn: Turn, length: int, rest: int, days: int) -> None:
    rhythm = Rhythm(turn, length * (8 if turn is Turn.HOURLY else 1), datetime(2026, 1, 31, 2, 30))  # noqa: DTZ001
    end = START + timedelta(days=days)
    asked = wanted(people, rhythm, rest)
    plan = propose(asked, START, end)

    whole(plan, START, end)
    assert plan == propose(asked, START, end)
    assert sum((load.time for load in plan.load), timedelta()) == end - START
