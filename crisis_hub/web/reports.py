"""Whether somebody will be on call, how the load lies, and what pages came to, over HTTP; asking changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from crisis_hub.application import rights
from crisis_hub.domain.errors import Wrong
from crisis_hub.domain.events import Stint
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.web import report_views as views
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.ids import MaybeBlank, name_of
from crisis_hub.web.parts import Parts
from crisis_hub.web.spans import From, To, instant, span

router = APIRouter(prefix="/api", generate_unique_id_function=name_of)

RotaPath = Annotated[str, Field(max_length=100)]
People = Annotated[Annotated[str, Field(max_length=2000)] | None, MaybeBlank]
Form = Annotated[s.As, Query(alias="as")]

_MONTH, _LONGEST, _PLANNED = (timedelta(days=days) for days in (30, 400, 14))
_MOST_PEOPLE = 100
_CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/coverage", tags=["rotas"])
async def coverage(request: Request, asker: Asker) -> s.CoverageOut:
    """Return what is wrong with rotas and ladders in the two weeks ahead; how colleagues can be reached is told to
    supervisors and to themselves, unless a page may wake nobody because of it."""
    return views.coverage_out(parts_of(request), asker)


@router.get("/rotas/{rota}/load", tags=["rotas"])
async def rota_load(request: Request, rota: RotaPath, asker: Asker, from_: From = None, to: To = None) -> s.RotaLoadOut:
    """Return how hours, nights, weekends, holidays and night wakes lie on the people of a rota."""
    parts = parts_of(request)
    found, within = parts.rotas.rota(rota), _within(parts, from_, to, back=True)
    people = await parts.reports.load(found, within.start, within.end)
    loads = [views.load_out(parts, one) for one in people]
    return s.RotaLoadOut(rota=found.name, start=within.start, end=within.end, people=loads)


@router.get("/rotas/{rota}/proposal", tags=["rotas"])
async def rota_proposal(
    request: Request, rota: RotaPath, asker: Asker, from_: From = None, to: To = None, people: People = None
) -> s.ProposalOut:
    """Propose a fair plan for these people (their ids with commas between; those of the rota when left out)."""
    rights.must_supervise(asker)
    parts = parts_of(request)
    found, within = parts.rotas.rota(rota), _within(parts, from_, to, back=False)
    plan = await parts.reports.proposal(found, within.start, within.end, _people(parts, people))
    standing = await parts.reports.standing(found, plan)
    return s.ProposalOut(
        rota=found.name,
        shifts=[
            s.PlannedShiftOut(
                person=views.ref(parts, one.person), start=one.stint.start, end=one.stint.end, stands=one in standing
            )
            for one in plan.shifts
        ],
        load=[views.load_out(parts, one) for one in plan.load],
    )


@router.get("/reports/pages", tags=["reports"], response_model=s.PageReportOut, responses=_CSV)  # type: ignore[arg-type]
async def page_report(
    request: Request, asker: Asker, from_: From = None, to: To = None, form: Form = "json", timezone: str | None = None
) -> s.PageReportOut | Response:
    """Return how long it took until pages were taken, per person and hour of the day, and how many never were."""
    rights.must_see_reports(asker)
    parts = parts_of(request)
    within, zone = _within(parts, from_, to, back=True), _zone(parts, timezone)
    report = await parts.reports.pages(within.start, within.end, zone)
    return views.pages_csv(report) if form == "csv" else views.pages_out(parts, report, within, zone.key)


@router.get("/reports/on-call", tags=["reports"], response_model=s.OnCallReportOut, responses=_CSV)  # type: ignore[arg-type]
async def on_call_report(
    request: Request, asker: Asker, from_: From = None, to: To = None, form: Form = "json"
) -> s.OnCallReportOut | Response:
    """Return who was on call for how long on each rota."""
    rights.must_see_reports(asker)
    parts = parts_of(request)
    within = _within(parts, from_, to, back=True)
    found = await parts.reports.on_call(within.start, within.end)
    return views.on_call_csv(found) if form == "csv" else views.on_call_report_out(parts, found, within)


def _people(parts: Parts, said: str | None) -> list[PersonId]:
    people = [PersonId(one) for name in (said or "").split(",") if (one := name.strip())]
    if len(people) > _MOST_PEOPLE:
        raise Wrong("people", f"At most {_MOST_PEOPLE} people can be planned together.")
    for one in people:
        if parts.directory.person(one) is None:
            raise Wrong("people", f"Nobody among the staff is called “{one}”.")
    return people


def _zone(parts: Parts, said: str | None) -> ZoneInfo:
    name = said or next((rota.timezone for rota in parts.rotas.all()), "UTC")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise Wrong("timezone", "This is not a time zone. Write one such as America/Chicago.") from None


def _within(parts: Parts, start: datetime | None, end: datetime | None, *, back: bool) -> Stint:
    """Return the span that was asked for: by default the last thirty days, or the next fourteen."""
    now = parts.clock.now()
    ends = instant("to", end, now)
    begins = instant("from", start, now) or ((ends or now) - _MONTH if back else now)
    ends = ends or (now if back and begins < now else begins + (_MONTH if back else _PLANNED))
    return span(begins, ends, _LONGEST)
