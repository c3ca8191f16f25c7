"""Figures over pages: taken by whom, how soon, and what nobody ever took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crisis_hub.domain.reports import Asked, Looked, Times, page_report, percentile
from crisis_hub.domain.vocabulary import EscalationId, PageId, PersonId

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
UTC_ZONE, CHICAGO = ZoneInfo("UTC"), ZoneInfo("America/Chicago")


def ladder(id: str, taken: float | None = None, *, at: datetime = NOON, over: bool = True) -> Looked:
    """A ladder that somebody took so many seconds after it began, or that came to its end, or that runs."""
    looked = Looked(EscalationId(id), at, drill=False)
    looked.taken_at = at + timedelta(seconds=taken) if taken is not None else None
    looked.exhausted_at = at + timedelta(minutes=5) if taken is None and over else None
    return looked


def page(of: str, who: str, taken: float | None = None, at: datetime = NOON) -> Asked:
    """Somebody was asked, and took it so many seconds later or not at all."""
    found = Asked(PageId(f"{of}-{who}-{at}"), EscalationId(of), PersonId(who), who.title(), at)
    found.taken_at = at + timedelta(seconds=taken) if taken is not None else None
    return found


def test_who_was_asked_in_vain_while_somebody_else_took_it_missed_nothing() -> None:
    pages = [page("e1", "ana"), page("e1", "ben", 40, NOON + timedelta(seconds=120)), page("e2", "ana")]
    report = page_report(pages, [ladder("e1", 160), ladder("e2")], UTC_ZONE)

    assert report.pages == Times(3, 1, 1, 40, 40)
    assert report.ladders == Times(2, 1, 1, 160, 160)
    assert report.by_person == (("ana", "Ana", Times(2, 0, 1, None, None)), ("ben", "Ben", Times(1, 1, 0, 40, 40)))


def test_a_ladder_that_still_runs_is_neither_taken_nor_never_taken() -> None:
    report = page_report([page("e1", "ana")], [ladder("e1", over=False)], UTC_ZONE)

    assert report.pages == Times(1, 0, 0, None, None)
    assert report.ladders == Times(1, 0, 0, None, None)


def test_a_ladder_taken_after_its_end_was_taken_and_one_stood_down_was_not() -> None:
    late, down = ladder("e1", 900), ladder("e2", over=False)
    late.exhausted_at = NOON + timedelta(minutes=5)
    down.stood_down_at = NOON + timedelta(minutes=1)
    report = page_report([], [late, down], UTC_ZONE)

    assert (report.ladders.taken, report.ladders.never_taken) == (1, 1)


def test_pages_of_ladders_that_are_not_asked_for_are_left_out() -> None:
    assert page_report([page("e9", "ana", 3)], [], UTC_ZONE).pages.count == 0


def test_hours_are_those_of_the_wall_on_both_sides_of_a_change_of_the_clocks() -> None:
    """On 8 March 2026 the clocks of Chicago go from two to three at 08:00 UTC."""
    times = [datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC)]
    pages = [page("e1", "ana", 10, at) for at in times]
    report = page_report(pages, [ladder("e1", 10)], CHICAGO)

    assert [hour for hour, found in report.by_hour if found.count] == [1, 3]
    assert [hour for hour, _ in report.by_hour] == list(range(24))
    assert sum(found.count for _, found in report.by_hour) == report.pages.count == 2


@pytest.mark.parametrize(
    ("values", "share", "least"),
    [
        ([], 0.9, None),
        ([7], 0.9, 7),
        (range(1, 11), 0.9, 9),
        (range(1, 12), 0.9, 10),
        (range(1, 101), 0.9, 90),
        ([5, 1], 0.5, 1),
    ],
)
def test_nine_of_ten_are_not_more_than_the_ninetieth_percentile(
    values: list[float], share: float, least: float | None
) -> None:
    found = percentile(values, share)

    assert found == least
    if found is not None:
        assert sum(one <= found for one in values) >= share * len(values)


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    pages = [page("e1", who, seconds) for who, seconds in (("ana", 10), ("ben", 30), ("cam", 20), ("dee", 100))]

    assert page_report(pages, [ladder("e1", 10)], UTC_ZONE).pages == Times(4, 4, 0, 25, 100)
