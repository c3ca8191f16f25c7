"""The page of a test page's link: one button, and it works without a script."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.domain.errors import NotFound
from crisis_hub.domain.vocabulary import TakenBy
from crisis_hub.web.auth import parts_of
from crisis_hub.web.sheets import sheet


def routes() -> list[Route]:
    """Return the doors of test pages; looking changes nothing."""
    return [Route("/t/{token}", _look, methods=["GET"]), Route("/t/{token}", _take, methods=["POST"])]


async def _look(request: Request) -> Response:
    return await _answer(request, take=False)


async def _take(request: Request) -> Response:
    return await _answer(request, take=True)


async def _answer(request: Request, *, take: bool) -> Response:
    token = request.path_params["token"]
    trials = parts_of(request).trials
    try:
        person, test = trials.by_token(token)
        if take:
            await trials.take(person, test, TakenBy.BUTTON)
    except NotFound as missing:
        why = f'<h1>Not found</h1><p class="lede">{escape(missing.why)}</p>'
        return sheet(request, "This link does not work", why, 404)
    except StoreUnavailable:
        why = '<h1>Not recorded</h1><p class="lede">We cannot write it down just now. Press again in a moment.</p>'
        return sheet(request, "Not recorded", why, 503)
    if take or test.taken_at:
        done = '<h1>It reached you</h1><p class="lede">Thank you. There is nothing left to do.</p>'
        return sheet(request, "Test page", done)
    body = f"""<div><h1>Test page</h1><p class="lede">Nobody is in danger. Press the button to show that this page
reached you.</p></div><form class="thumb" action="/t/{escape(token)}" method="post">
<button class="button button-act take" type="submit">It reached me</button></form>"""
    return sheet(request, "Test page", body)
