"""What is news about coverage: told once when it becomes so, once when it is mended, and not again meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crisis_hub.domain.coverage import rota_coverage
from crisis_hub.domain.coverage_change import NEVER_TOLD, Told, news, when_to_tell, worth_keeping
from crisis_hub.domain.covering import Change, Override
from crisis_hub.domain.lacks import Finding, Lack
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.domain.walls import first_instant
from crisis_hub.domain.windows import Window

ANA, BEN, SAM = (PersonId(name) for name in ("ana", "ben", "sam"))
ZONE = "America/Chicago"
CHICAGO = ZoneInfo(ZONE)
HOUR, DAY, AHEAD = timedelta(hours=1), timedelta(days=1), timedelta(days=14)
START = first_instant(datetime(2026, 1, 5, 8), CHICAGO)  # noqa: DTZ001 - on a wall


def gap(start: float, end: float, **more: object) -> Finding:
    """Nobody is on call between two days after the start."""
    found = Finding(Lack.NOBODY, "clinicians", f"from {start} until {end}", START + start * DAY, START + end * DAY)
    return replace(found, **more)  # type: ignore[arg-type]


class Teller:
    """Tells what is news, and remembers what it told, as the watch does."""

    def __init__(self) -> None:
        self.told = NEVER_TOLD
        self.said: list[tuple[float, str]] = []

    def look(self, day: float, *found: Finding) -> list[str]:
        """Look on a day; return what is told."""
        now = START + day * DAY
        fresh = news(self.told, found, now, ZONE)
        self.told = Told(fresh.lacks, now + AHEAD)
        return [*(one.told for one in fresh.found), *(f"mended: {one.told}" for one in fresh.mended)]


def test_where_nothing_was_ever_wrong_nothing_is_told() -> None:
    assert Teller().look(0) == []


def test_a_gap_is_told_once_and_once_more_when_it_is_mended() -> None:
    teller = Teller()

    assert teller.look(0, gap(3, 4)) == ["from 3 until 4"]
    assert teller.look(1, gap(3, 4)) == []
    assert teller.look(2) == ["mended: from 3 until 4"]
    assert teller.look(2) == []
    assert teller.look(2.5, gap(3, 4)) == ["from 3 until 4"]


def test_a_gap_that_goes_by_was_not_mended() -> None:
    teller = Teller()
    teller.look(0, gap(3, 4))

    assert teller.look(3.5, gap(3.5, 4)) == []
    assert teller.look(4) == []


def test_a_gap_that_grows_or_another_beside_it_is_news() -> None:
    teller = Teller()
    teller.look(0, gap(3, 4))

    assert teller.look(0, gap(3, 4.5)) == ["from 3 until 4.5"]
    assert teller.look(0, gap(3, 4.5), gap(6, 7)) == ["from 6 until 7"]
    assert teller.look(0, gap(2.9, 4.5), gap(6, 7)) == ["from 2.9 until 4.5"]


def test_a_gap_that_is_half_covered_is_told_neither_as_news_nor_as_mended() -> None:
    teller = Teller()
    teller.look(0, gap(3, 4))

    assert teller.look(0, gap(3.5, 4)) == []
    assert teller.look(0, gap(3.5, 3.6), gap(3.8, 4)) == []


def test_a_gap_that_reaches_beyond_what_was_looked_at_is_the_same_one_when_more_of_it_is_seen() -> None:
    teller = Teller()

    assert teller.look(0, gap(13, 14)) == ["from 13 until 14"]
    assert teller.look(1, gap(13, 15)) == []


def test_a_gap_that_comes_into_sight_is_news() -> None:
    teller = Teller()
    teller.look(0)

    assert teller.look(1, gap(14.2, 14.8)) == ["from 14.2 until 14.8"]


def test_a_leave_that_comes_into_sight_is_news_although_the_same_hours_were_empty_a_week_before() -> None:
    """Only what the turns themselves leave empty comes again; what somebody arranged is always told."""
    teller = Teller()
    teller.look(0, gap(9, 10, planned=True))

    assert teller.look(3, gap(9, 10, planned=True), gap(16, 17)) == ["from 16 until 17"]
    assert Teller().look(0, gap(9, 10), gap(16, 17, planned=True)) == ["from 9 until 10", "from 16 until 17"]


def test_a_planned_gap_within_what_was_looked_at_is_news_since_the_plan_was_edited() -> None:
    teller = Teller()
    teller.look(0, gap(2, 3, planned=True))

    assert teller.look(1, gap(2, 3, planned=True), gap(9, 10, planned=True)) == ["from 9 until 10"]


def test_a_longer_hole_at_the_same_hour_is_news() -> None:
    teller = Teller()
    teller.look(0, gap(9, 9.5, planned=True))

    assert teller.look(3, gap(9, 9.5, planned=True), gap(16, 16.6, planned=True)) == ["from 16 until 16.6"]


def days_of(rota: Rota, days: int, step: timedelta, overrides: Sequence[Override] = ()) -> dict[str, int]:
    """Look at a real rota again and again; return on which day each thing was told first, and how often."""
    told = NEVER_TOLD
    seen: dict[str, int] = {}
    now = START
    while now < START + days * DAY:
        found = rota_coverage(rota, now, now + AHEAD, None, overrides)
        fresh = news(told, found, now, ZONE)
        if fresh or worth_keeping(told, found, now):
            told = Told(fresh.lacks, now + AHEAD)
        for one in (*(f.told for f in fresh.found), *(f"mended: {m.told}" for m in fresh.mended)):
            seen[one] = seen.get(one, 0) + 1
        now += step
    return seen


@pytest.mark.parametrize("step", [HOUR * 19, DAY, DAY * 3])
def test_nights_that_nobody_ever_covers_are_told_once_and_never_again_also_when_clocks_are_changed(
    step: timedelta,
) -> None:
    by_day = Layer(Turn.WEEKLY, 1, datetime(2026, 1, 5, 8), (ANA, BEN), only=(Window(start=time(8), end=time(20)),))  # noqa: DTZ001
    seen = days_of(Rota("clinicians", ZONE, (by_day,), (SAM,)), 330, step)

    first = len(list(rota_coverage(Rota("clinicians", ZONE, (by_day,), (SAM,)), START, START + AHEAD)))
    assert len(seen) <= first + 4, list(seen)[first:]  # the two nights on which clocks are changed may be told
    assert set(seen.values()) == {1}


def test_one_night_that_somebody_takes_off_is_told_among_nights_that_are_always_empty() -> None:
    by_day = Layer(Turn.WEEKLY, 1, datetime(2026, 1, 5, 8), (ANA,), only=(Window(start=time(8), end=time(20)),))  # noqa: DTZ001
    off = Override(Change.REMOVE, ANA, START + 40 * DAY, START + 40 * DAY + 5 * HOUR)
    seen = days_of(Rota("clinicians", ZONE, (by_day,), (SAM,)), 60, DAY, [off])

    # Eight to one in the afternoon runs together with the night before it.
    assert [words for words in seen if "14 Feb 2026 13:00" in words]


def test_what_is_so_or_not_so_is_told_once_whatever_its_hours_say() -> None:
    twice = Finding(Lack.TWICE, "clinical", "ana twice", START, START + DAY, ANA)
    later = replace(twice, told="ana twice, later", start=START + 7 * DAY, end=START + 8 * DAY)
    ben = replace(twice, told="ben twice", who=BEN)
    teller = Teller()

    assert teller.look(0, twice) == ["ana twice"]
    assert teller.look(1, later, ben) == ["ben twice"]
    assert teller.look(2) == ["mended: ana twice, later", "mended: ben twice"]


def test_what_is_known_of_a_gap_that_comes_again_is_written_down_before_it_runs_out() -> None:
    told = Told((), START + AHEAD)

    assert not worth_keeping(told, [gap(3, 4)], START + 6 * DAY)
    assert worth_keeping(told, [gap(3, 4)], START + 8 * DAY)
    assert not worth_keeping(told, [], START + 8 * DAY)
    assert not worth_keeping(NEVER_TOLD, [gap(3, 4)], START + 8 * DAY)


@pytest.mark.parametrize(
    ("at", "begins", "told_at"),
    [
        ("2026-01-06T08:00", 9 * 24, "2026-01-06T08:00"),
        ("2026-01-06T20:59", 9 * 24, "2026-01-06T20:59"),
        ("2026-01-06T21:00", 9 * 24, "2026-01-07T08:00"),
        ("2026-01-07T03:00", 9 * 24, "2026-01-07T08:00"),
        ("2026-01-07T03:00", 12, "2026-01-07T03:00"),
        ("2026-01-07T03:00", -1, "2026-01-07T03:00"),
        ("2026-03-07T23:00", 9 * 24, "2026-03-08T08:00"),
    ],
)
def test_nobody_is_woken_for_what_can_wait_until_the_morning(at: str, begins: int, told_at: str) -> None:
    now, then = (first_instant(datetime.fromisoformat(one), CHICAGO) for one in (at, told_at))
    found = replace(gap(0, 1), start=now + begins * HOUR, end=now + (begins + 8) * HOUR)

    assert when_to_tell(now, [found], ZONE) == then
    if begins < 24:  # what is not red never wakes anybody
        calm = replace(found, lack=Lack.NOT_PROVED)
        assert when_to_tell(now, [calm], ZONE) == first_instant(datetime.fromisoformat("2026-01-07T08:00"), CHICAGO)
