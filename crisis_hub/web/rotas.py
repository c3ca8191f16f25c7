"""Rotas over HTTP: who is on call when, and everything that people arrange among themselves.

What is asked here may be asked again without harm: the second time it is so already, and the answer is the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from crisis_hub.application.arranging import Wanted
from crisis_hub.application.cover_wishes import Anyway, Ask
from crisis_hub.application.staff import Person
from crisis_hub.domain.covers import CoverState
from crisis_hub.domain.events import Stint
from crisis_hub.domain.rota import Rota
from crisis_hub.domain.vocabulary import PersonId
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import Asker, parts_of
from crisis_hub.web.facts import fact_out
from crisis_hub.web.ids import ArrangedPath, MaybeBlank, name_of
from crisis_hub.web.parts import Parts
from crisis_hub.web.rota_views import RotaViews, concerns
from crisis_hub.web.spans import From, To, instant, span

router = APIRouter(prefix="/api", tags=["rotas"], generate_unique_id_function=name_of)

RotaPath = Annotated[str, Field(max_length=100)]

_BEFORE, _AHEAD, _MINE, _LONGEST = (timedelta(days=days) for days in (1, 14, 60, 100))


# ------------------------------------------------------------------------------------------ looking


@router.get("/rotas")
async def list_rotas(request: Request, asker: Asker) -> s.RotaList:
    """List every rota in force, as its file says it."""
    parts = parts_of(request)
    views = RotaViews(parts, asker)
    return s.RotaList(rotas=[views.rota(rota) for rota in parts.rotas.all()])


@router.get("/rotas/{rota}/calendar")
async def rota_calendar(
    request: Request, rota: RotaPath, asker: Asker, from_: From = None, to: To = None
) -> s.RotaCalendarOut:
    """Return who is on call between two instants, by which layer or arrangement, and when nobody is."""
    parts, found = await _rota(request, rota)
    return RotaViews(parts, asker).calendar(found, _within(parts, from_, to, _AHEAD))


@router.get("/rotas/{rota}/facts")
async def rota_facts(request: Request, rota: RotaPath, asker: Asker) -> s.FactList:
    """Return everything that was ever arranged on a rota, oldest first, without the words of anybody."""
    parts, found = await _rota(request, rota)
    recorded = await parts.rotas.history(found.name)
    return s.FactList(facts=[fact_out(one, with_words=False) for one in recorded])


@router.get("/covers")
async def list_covers(
    request: Request,
    asker: Asker,
    rota: Annotated[Annotated[str, Field(max_length=100)] | None, MaybeBlank] = None,
    state: Annotated[CoverState | None, MaybeBlank] = None,
    mine: Annotated[bool, Query(description="Only what concerns the asker, or could be taken by them.")] = False,
) -> s.CoverList:
    """List requests for cover, the earliest shift first; those whose shift is long over stand in the rota's facts."""
    parts = parts_of(request)
    await parts.rotas.fresh()
    since = parts.clock.now() - _LONGEST
    if rota is not None:
        parts.rotas.rota(rota)
    views = RotaViews(parts, asker)
    found = [
        views.cover(where, one)
        for where, one in parts.covers.all()
        if rota in (None, where.name) and one.ends_at > since
    ]
    kept = [one for one in found if state in (None, one.state) and (not mine or concerns(one, asker.id))]
    return s.CoverList(covers=kept)


@router.get("/leave")
async def list_leave(request: Request, asker: Asker) -> s.LeaveList:
    """List who is away now or will be; why is for themself and for supervisors."""
    parts = parts_of(request)
    await parts.rotas.fresh()
    views, now = RotaViews(parts, asker), parts.clock.now()
    return s.LeaveList(leave=[views.leave(one) for one in parts.rotas.leave() if one.stint.end > now])


@router.get("/me/shifts")
async def my_shifts(request: Request, asker: Asker, from_: From = None, to: To = None) -> s.MyShiftsOut:
    """Return one's own shifts, and the requests for cover that concern one."""
    parts = parts_of(request)
    await parts.rotas.fresh()
    return RotaViews(parts, asker).mine(asker.id, _within(parts, from_, to, _MINE))


# ------------------------------------------------------------------------------------------ arranging


@router.post("/rotas/{rota}/overrides")
async def make_override(request: Request, rota: RotaPath, body: s.OverrideIn, asker: Asker) -> s.OverrideOut:
    """Add somebody, take somebody away, or put somebody in another's place for a while; for supervisors."""
    parts = parts_of(request)
    wanted = Wanted(body.change, body.person, Stint(body.start, body.end), body.for_whom, body.why)
    made = await parts.arranging.override(asker, rota, wanted, anyway=body.anyway)
    return RotaViews(parts, asker).override(parts.rotas.rota(rota), made)


@router.post("/rotas/{rota}/overrides/{id}/end")
async def end_override(request: Request, rota: RotaPath, id: ArrangedPath, asker: Asker) -> s.OverrideOut:
    """Let an override count no longer, from now on."""
    parts = parts_of(request)
    made = await parts.arranging.end_override(asker, rota, id)
    return RotaViews(parts, asker).override(parts.rotas.rota(rota), made)


@router.post("/rotas/{rota}/take-shift")
async def take_shift(request: Request, rota: RotaPath, body: s.TakeShiftIn, asker: Asker) -> s.CoverOut:
    """Take somebody's shift in one step; one wins, the others get 409 and who has it."""
    parts = parts_of(request)
    stint, anyway = Stint(body.start, body.end), Anyway(body.anyway, body.why)
    cover = await parts.covers.take_shift(asker, rota, body.person, stint, body.by, anyway)
    return _cover(parts, asker, cover.id)


@router.post("/covers")
async def ask_cover(request: Request, body: s.CoverIn, asker: Asker) -> s.CoverOut:
    """Ask that somebody takes a shift: anybody, one person, or one person in exchange for a shift of theirs."""
    parts = parts_of(request)
    exchange = Stint(body.in_exchange.start, body.in_exchange.end) if body.in_exchange else None
    of = PersonId(body.of) if body.of else None
    wish = Ask(PersonId(body.person or asker.id), Stint(body.start, body.end), of, exchange, body.note)
    cover = await parts.covers.ask(asker, body.rota, wish)
    return _cover(parts, asker, cover.id)


@router.post("/covers/{id}/take")
async def take_cover(request: Request, id: ArrangedPath, asker: Asker, body: s.TakeCoverIn | None = None) -> s.CoverOut:
    """Take a shift that somebody asked cover for; one wins, the others get 409 and who has it."""
    parts, said = parts_of(request), body or s.TakeCoverIn()
    cover = await parts.covers.take(asker, id, said.person, Anyway(said.anyway, said.why))
    return _cover(parts, asker, cover.id)


@router.post("/covers/{id}/decline")
async def decline_cover(
    request: Request, id: ArrangedPath, asker: Asker, body: s.DeclineCoverIn | None = None
) -> s.CoverOut:
    """Say no; the request stays open for others who were asked."""
    parts, said = parts_of(request), body or s.DeclineCoverIn()
    cover = await parts.covers.decline(asker, id, said.person, said.reason)
    return _cover(parts, asker, cover.id)


@router.post("/covers/{id}/withdraw")
async def withdraw_cover(
    request: Request, id: ArrangedPath, asker: Asker, body: s.WithdrawIn | None = None
) -> s.CoverOut:
    """Take a request back; a shift that was taken returns to the person whose it is."""
    parts, said = parts_of(request), body or s.WithdrawIn()
    cover = await parts.covers.withdraw(asker, id, said.reason, anyway=said.anyway)
    return _cover(parts, asker, cover.id)


@router.post("/leave")
async def take_leave(request: Request, body: s.LeaveIn, asker: Asker) -> s.LeaveOut:
    """Be away: on call on no rota for that time."""
    parts = parts_of(request)
    stint = Stint(body.start, body.end)
    leave = await parts.arranging.take_leave(asker, body.person or asker.id, stint, body.why)
    return RotaViews(parts, asker).leave(leave)


@router.post("/leave/{id}/end")
async def end_leave(request: Request, id: ArrangedPath, asker: Asker) -> s.LeaveOut:
    """Be back, or do not go at all."""
    parts = parts_of(request)
    return RotaViews(parts, asker).leave(await parts.arranging.end_leave(asker, id))


async def _rota(request: Request, name: str) -> tuple[Parts, Rota]:
    parts = parts_of(request)
    await parts.rotas.fresh()
    return parts, parts.rotas.rota(name)


def _cover(parts: Parts, asker: Person, id: str) -> s.CoverOut:
    return RotaViews(parts, asker).cover(*parts.covers.find(id))


def _within(parts: Parts, start: datetime | None, end: datetime | None, ahead: timedelta) -> Stint:
    """Return the span that was asked for, at most so long that it can be drawn."""
    now = parts.clock.now()
    begins = instant("from", start, now) or now - _BEFORE
    ends = instant("to", end, now) or max(now + ahead, begins + ahead)
    return span(begins, ends, _LONGEST)
