"""`crisis-hub report`: how long pages took until somebody had them, and who was on call for how long."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.clock import SystemClock
from crisis_hub.application.reports import OnDuty, Reports
from crisis_hub.application.rotas import Rotas
from crisis_hub.cli.rulebooks import open_rules
from crisis_hub.domain.reports import PageReport, Times
from crisis_hub.ledger import open_keyring, open_store
from crisis_hub.settings import Settings
from crisis_hub.web.csv_out import csv_text
from crisis_hub.web.report_views import ON_CALL_HEAD, PAGES_HEAD, on_call_row, page_rows

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="What pages came to, and who was on call for how long."
)


class Form(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


_From = Annotated[str, typer.Option("--from", help="An instant or a day, ISO 8601; thirty days ago when left out.")]
_To = Annotated[str, typer.Option("--to", help="An instant or a day, ISO 8601; now when left out.")]
_As = Annotated[Form, typer.Option("--as", help="Sentences, JSON, or CSV for a spreadsheet.")]
_Folder = Annotated[Path | None, typer.Option("--rules", help="The folder of rules.", metavar="DIR")]
_Drill = Annotated[bool, typer.Option("--drill", help="Count rehearsals, and nothing else.")]
_MONTH = timedelta(days=30)
_TODAY = "Worked out with the rotas as their files say today, also for days on which they said something else."

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class _Span:
    start: datetime
    end: datetime
    zone: ZoneInfo


@app.command("pages")
def pages(
    from_: _From = "", to: _To = "", form: _As = Form.TEXT, folder: _Folder = None, drill: _Drill = False
) -> None:
    """Say how long it took until pages were taken, per person and hour of the day, and how many never were."""
    span, report = _ask(folder, from_, to, drill, lambda reports, s: reports.pages(s.start, s.end, s.zone))
    if form is Form.CSV:
        typer.echo(csv_text(PAGES_HEAD, page_rows(report)), nl=False)
    elif form is Form.JSON:
        typer.echo(json.dumps(_as_json(report, span), indent=2))
    else:
        for line in _lines(report):
            typer.echo(line)


@app.command("on-call")
def on_call(
    from_: _From = "", to: _To = "", form: _As = Form.TEXT, folder: _Folder = None, drill: _Drill = False
) -> None:
    """Say who was on call for how long, by the rotas as they stand now and what was arranged on them."""
    _, found = _ask(folder, from_, to, drill, lambda reports, s: reports.on_call(s.start, s.end))
    rows = [on_call_row(one) for one in found]
    if form is Form.CSV:
        typer.echo(csv_text(ON_CALL_HEAD, rows), nl=False)
    elif form is Form.JSON:
        typer.echo(json.dumps([dict(zip(ON_CALL_HEAD, row, strict=True)) for row in rows], indent=2))
    else:
        for one in found:
            typer.echo(_sentence(one))
        typer.echo(_TODAY if found else "There is no rota in force.")


def _ask(
    folder: Path | None, start: str, end: str, drill: bool, question: Callable[[Reports, _Span], Awaitable[_Found]]
) -> tuple[_Span, _Found]:
    clock, settings = SystemClock(), Settings()
    book = open_rules(folder).rulebook
    zone = ZoneInfo(next((rota.timezone for rota in book.rotas.values()), "UTC"))
    ends = _instant("--to", end, zone) or clock.now()
    span = _Span(_instant("--from", start, zone) or ends - _MONTH, ends, zone)
    if span.end <= span.start:
        typer.echo("--to lies before --from; look at the two times again.", err=True)
        raise typer.Exit(2)

    async def ask() -> _Found:
        store = await open_store(settings, clock, open_keyring(settings))
        try:
            rotas = Rotas(store, MemoryBus(), clock, lambda: book)
            return await question(Reports(store, rotas, drill=drill or settings.drill), span)
        finally:
            await store.close()

    return span, asyncio.run(ask())


def _instant(option: str, said: str, zone: ZoneInfo) -> datetime | None:
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        typer.echo(f"{option} {said!r} is not a time; write it as 2026-01-05 or 2026-01-05T08:00:00-06:00.", err=True)
        raise typer.Exit(2) from None


def _as_json(report: PageReport, span: _Span) -> dict[str, object]:
    def figures(times: Times) -> dict[str, object]:
        found = asdict(times)
        return {"pages": found.pop("count"), **found}

    return {
        **figures(report.pages),
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "timezone": span.zone.key,
        "ladders": {"started": report.ladders.count, **_without_count(report.ladders)},
        "by_person": [{"person": person, **figures(times)} for person, _, times in report.by_person],
        "by_hour": [{"hour": hour, **figures(times)} for hour, times in report.by_hour],
    }


def _without_count(times: Times) -> dict[str, object]:
    return {name: value for name, value in asdict(times).items() if name != "count"}


def _lines(report: PageReport) -> Iterable[str]:
    ladders = report.ladders
    yield (
        f"{_many(ladders.count, 'ladder')}, {ladders.taken} taken{_took(ladders)}; "
        f"{ladders.never_taken} ended with nobody."
    )
    yield f"{_many(report.pages.count, 'page')}, {report.pages.taken} taken{_took(report.pages)}."
    for _, name, times in report.by_person:
        yield f"  {name}: {_many(times.count, 'page')}, {times.taken} taken{_took(times)}"
    for hour, times in report.by_hour:
        if times.count:
            yield f"  {hour:02}:00: {_many(times.count, 'page')}, {times.taken} taken{_took(times)}"


def _took(times: Times) -> str:
    if times.median_seconds is None or times.p90_seconds is None:
        return ""
    return f", half of them within {times.median_seconds:.0f} s, nine of ten within {times.p90_seconds:.0f} s"


def _sentence(one: OnDuty) -> str:
    load = one.load
    parts: Sequence[str] = (
        f"{load.hours:g} hours",
        _many(load.nights, "night"),
        _many(load.weekends, "weekend"),
        _many(load.holidays, "holiday"),
        f"woken {_many(load.wakes, 'time')}",
    )
    return f"{one.rota}: {load.person}: {', '.join(parts)}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
