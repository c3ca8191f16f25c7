"""Signing in and out, who is on call, the board, and a colleague's own pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from crisis_hub.application import rights
from crisis_hub.application.door import SignedIn
from crisis_hub.application.pages import Answered, Asked
from crisis_hub.application.ports import MarkTaken
from crisis_hub.domain.errors import NotAllowed, NotFound, Refused, Wrong
from crisis_hub.domain.vocabulary import PageId
from crisis_hub.web import ladder_views, views
from crisis_hub.web import schemas as s
from crisis_hub.web.auth import (
    Asker,
    drop_cookie,
    network_of,
    parts_of,
    same_origin,
    set_cookie,
    signed_in,
)
from crisis_hub.web.changes import Change, Wish, as_it_was, refs_out
from crisis_hub.web.ids import MaybeBlank, PagePath, case_id, name_of

router = APIRouter(prefix="/api", generate_unique_id_function=name_of)

_FARTHEST = timedelta(days=10 * 366)
"""How far from now somebody may ask who is on call; calendars end somewhere, and no rota is made that far ahead."""


@router.post("/login", tags=["people"])
async def login(request: Request, response: Response, body: s.LoginIn) -> s.LoginOut:
    """Sign in with a name and a password; sets a cookie for browsers and returns a token for programs."""
    if not same_origin(request):
        raise NotAllowed("Sign in from our own page.")
    parts = parts_of(request)
    who = await parts.door.sign_in(body.username, body.password, network_of(request))
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
    drop_cookie(response, parts.place)
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
    return views.board_out(parts_of(request))


@router.get("/on-call", tags=["board"])
async def on_call(
    request: Request,
    asker: Asker,
    rota: Annotated[Annotated[str, Field(max_length=100)] | None, MaybeBlank] = None,
    at: Annotated[datetime | None, MaybeBlank] = None,
) -> list[s.OnCallOut]:
    """Return who is on call, until when, and who is next; at any instant, on one rota or on all."""
    parts = parts_of(request)
    if rota is not None and rota not in parts.rulebook().rotas:
        raise NotFound(f"There is no rota called “{rota}”.")
    when = at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
    if when is not None and abs(when - parts.clock.now()) > _FARTHEST:
        raise Wrong("at", "Ask for an instant within ten years of now.")
    await parts.rotas.fresh()
    return [views.on_call_out(x) for x in parts.service.on_call(when, rota)]


@router.post("/pages/{id}/take", tags=["pages"])
async def take_page(id: PagePath, wish: Wish) -> s.PageDone:
    """Take one's own page; a second take is harmless and says who has it."""
    return _page_done(wish, await _answer(wish, id, take=True))


@router.post("/pages/{id}/pass", tags=["pages"])
async def pass_page(id: PagePath, wish: Wish) -> s.PageDone:
    """Pass one's own page to the next person, now."""
    return _page_done(wish, await _answer(wish, id, take=False))


async def _answer(wish: Change, id: str, *, take: bool) -> Answered:
    try:
        return await wish.parts.pages.take_as(id, wish.asker.id, take, wish.ends, wish.cause)
    except (MarkTaken, Refused) as refusal:
        cause = await wish.before(refusal)
        if cause is None:
            raise
        done = as_it_was(await wish.parts.hub.history(case_id(id.partition("-")[0])), cause)
        escalation = done.case.escalation_of_page(PageId(id))
        page = escalation.page(PageId(id)) if escalation else None
        if escalation is None or page is None:
            raise
        return Answered(Asked(done.case, escalation, page), done.sequence, not done.facts, done.facts)


def _page_done(wish: Change, answered: Answered) -> s.PageDone:
    asked = answered.asked
    sees = rights.sees_board(wish.asker)
    return s.PageDone(
        sequence=answered.sequence,
        facts=refs_out(answered.facts),
        case=views.case_out(asked.case, answered.sequence, wish.parts.rulebook()) if sees else None,
        case_number=asked.case.number,
        page=ladder_views.page_out(asked.page),
        state=asked.page.state,
        escalation=asked.escalation.state,
        taken_by=asked.escalation.taken_by,
        taken_by_name=asked.escalation.taken_by_name,
        already=answered.already,
    )
