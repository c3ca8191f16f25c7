"""Coverage, load and reports as others see them: names instead of ids, tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from starlette.responses import Response

from crisis_hub.application import rights
from crisis_hub.application.reports import WORKED_OUT_WITH, OnDuty
from crisis_hub.application.staff import Person
from crisis_hub.domain.events import Stint
from crisis_hub.domain.fairness import Load
from crisis_hub.domain.lacks import Finding
from crisis_hub.domain.reports import PageReport, Times
from crisis_hub.web import schemas as s
from crisis_hub.web.csv_out import csv_out
from crisis_hub.web.parts import Parts

PAGES_HEAD = ("of", "which", "pages", "taken", "never_taken", "median_seconds", "p90_seconds")
ON_CALL_HEAD = ("rota", "person", "hours", "nights", "weekends", "holidays", "wakes", "worked_out_with")


def ref(parts: Parts, id: str, name: str = "") -> s.PersonRef:
    """Return somebody by id and name, as far as they are known."""
    person = parts.directory.person(id)
    return s.PersonRef(id=id, name=person.name if person else name or id)


def coverage_out(parts: Parts, asker: Person) -> s.CoverageOut:
    """Return what is wrong, as far as it is for the asker to know."""
    found = parts.coverage.now()
    shown = [one for one in found if one.red or one.who in (None, asker.id) or rights.plans(asker)]
    return s.CoverageOut(
        checked_at=parts.coverage.coverage.checked_at,
        until=parts.coverage.coverage.until,
        whole=not found,
        findings=[_finding_out(parts, one) for one in shown],
    )


def _finding_out(parts: Parts, found: Finding) -> s.FindingOut:
    return s.FindingOut(
        about=found.about,
        lack=found.lack,
        sentence=found.sentence(),
        person=ref(parts, found.who) if found.who else None,
        start=found.start,
        end=found.end,
        red=found.red,
    )


def load_out(parts: Parts, load: Load) -> s.LoadOut:
    """Return what one person carries."""
    return s.LoadOut(
        person=ref(parts, load.person),
        hours=load.hours,
        nights=load.nights,
        weekends=load.weekends,
        holidays=load.holidays,
        wakes=load.wakes,
    )


def pages_out(parts: Parts, report: PageReport, within: Stint, timezone: str) -> s.PageReportOut:
    """Return the figures over pages."""
    ladders = report.ladders
    return s.PageReportOut(
        **_times(report.pages),
        start=within.start,
        end=within.end,
        timezone=timezone,
        ladders=s.LaddersOut(
            started=ladders.count,
            taken=ladders.taken,
            never_taken=ladders.never_taken,
            median_seconds=ladders.median_seconds,
            p90_seconds=ladders.p90_seconds,
        ),
        by_person=[
            s.PersonTimesOut(person=ref(parts, person, name), **_times(times))
            for person, name, times in report.by_person
        ],
        by_hour=[s.HourTimesOut(hour=hour, **_times(times)) for hour, times in report.by_hour],
    )


def pages_csv(report: PageReport) -> Response:
    """Return the figures over pages as a table."""
    return csv_out("pages", PAGES_HEAD, page_rows(report))


def page_rows(report: PageReport) -> Iterator[Sequence[object]]:
    """Yield the table of a report on pages, row by row."""
    yield ("all", "pages", *_cells(report.pages))
    yield ("all", "ladders", *_cells(report.ladders))
    for person, _, times in report.by_person:
        yield ("person", person, *_cells(times))
    for hour, times in report.by_hour:
        yield ("hour", hour, *_cells(times))


def on_call_report_out(parts: Parts, found: Iterable[OnDuty], within: Stint) -> s.OnCallReportOut:
    """Return who was on call for how long."""
    people = [s.OnCallLoadOut(rota=one.rota, **dict(load_out(parts, one.load))) for one in found]
    return s.OnCallReportOut(start=within.start, end=within.end, people=people)


def on_call_csv(found: Iterable[OnDuty]) -> Response:
    """Return who was on call for how long as a table."""
    return csv_out("on-call", ON_CALL_HEAD, map(on_call_row, found))


def on_call_row(one: OnDuty) -> Sequence[object]:
    """Return one row of the table of who was on call."""
    load = one.load
    figures = (load.hours, load.nights, load.weekends, load.holidays, load.wakes)
    return (one.rota, load.person, *figures, WORKED_OUT_WITH)


def _cells(times: Times) -> Sequence[object]:
    return (times.count, times.taken, times.never_taken, times.median_seconds, times.p90_seconds)


def _times(times: Times) -> dict[str, object]:
    names = ("pages", "taken", "never_taken", "median_seconds", "p90_seconds")
    return dict(zip(names, _cells(times), strict=True))
