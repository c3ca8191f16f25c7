"""Signing in and out, who is on call, the board, and a colleague's own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crisis_hub.application import rights
from crisis_hub.application.door import SignedIn
from crisis_hub.application.pages import Answered
from crisis_hub.domain.errors import NotAllowed, NotFound
from crisis_hub.web import schemas as s
from crisis_hub.web import views
from crisis_hub.web.auth import Asker, cookie_name, parts_of, same_origin, set_cookie, signed_in

router = APIRouter(prefix="/api")


@router.post("/login", tags=["people"])
async def login(request: Request, response: Response, body: s.LoginIn) -> s.LoginOut:
    """Sign in with a name and a password; sets a cookie for browsers and returns a token for programs."""
    if not same_origin(request):
        raise NotAllowed("Sign in from our own page.")
    parts = parts_of(request)
    place = request.client.host if request.client else "unknown"
    who = await parts.door.sign_in(body.username, body.password, place)
    set_cookie(response, parts.place, who.token)
    return s.LoginOut(
        token=who.token,
        expires_at=who.session.expires_at,
        csrf=who.session.csrf,
        person=views.person_out(who.person),
    )


@router.post("/logout", status_code=204, tags=["people"])
async def logout(request: Request, who: Annotated[SignedIn, Depends(signed_in)]) -> Response:
    """End this session."""
    parts = parts_of(request)
    await parts.door.sign_out(who.session)
    response = Response(status_code=204)
    response.delete_cookie(cookie_name(parts.place), path="/", secure=parts.place.secure, httponly=True)
    return response


@router.get("/me", tags=["people"])
async def me(request: Request, who: Annotated[SignedIn, Depends(signed_in)]) -> s.MeOut:
    """Return who is signed in, and the word that a browser's changes must carry."""
    place = parts_of(request).place
    return s.MeOut(
        person=views.person_out(who.person),
        csrf=who.session.csrf,
        service=place.name,
        drill=place.drill,
        expires_at=who.session.expires_at,
    )


@router.get("/board", tags=["board"])
async def board(request: Request, asker: Asker) -> s.BoardOut:
    """Return the live picture as it is now."""
    rights.must_see_board(asker)
    parts = parts_of(request)
    return s.BoardOut(
        sequence=parts.board.sequence,
        at=parts.clock.now(),
        cases=views.cases_out(parts.board),
        on_call=[views.on_call_out(x) for x in parts.service.on_call()],
        service=views.service_out(parts.service, parts.place),
    )


@router.get("/on-call", tags=["board"])
async def on_call(
    request: Request,
    asker: Asker,
    rota: Annotated[str | None, Query(max_length=100)] = None,
    at: datetime | None = None,
) -> list[s.OnCallOut]:
    """Return who is on call, until when, and who is next; at any instant, on one rota or on all."""
    parts = parts_of(request)
    if rota is not None and rota not in parts.rulebook().rotas:
        raise NotFound(f"There is no rota called “{rota}”.")
    when = at if at is None or at.tzinfo else at.replace(tzinfo=parts.clock.now().tzinfo)
    return [views.on_call_out(x) for x in parts.service.on_call(when, rota)]


@router.post("/pages/{id}/take", tags=["pages"])
async def take_page(request: Request, id: str, asker: Asker) -> s.PageDone:
    """Take one's own page; a second take is harmless and says who has it."""
    return _page_done(await parts_of(request).pages.take_as(id, asker.id, take=True))


@router.post("/pages/{id}/pass", tags=["pages"])
async def pass_page(request: Request, id: str, asker: Asker) -> s.PageDone:
    """Pass one's own page to the next person, now."""
    return _page_done(await parts_of(request).pages.take_as(id, asker.id, take=False))


def _page_done(answered: Answered) -> s.PageDone:
    asked = answered.asked
    return s.PageDone(
        sequence=answered.sequence,
        case_number=asked.case.number,
        page=views.page_out(asked.page),
        escalation=asked.escalation.state,
        taken_by=asked.escalation.taken_by,
        taken_by_name=asked.escalation.taken_by_name,
        already=answered.already,
    )
