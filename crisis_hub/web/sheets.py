"""A clinician's page behind the link in a text: one button, no script, no sign-in to take it, and nothing private.

Looking at it changes nothing, since telephones and mail scanners open links by themselves. Only the posted button
takes the page.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, tzinfo
from functools import partial
from hashlib import sha256
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crisis_hub.application.page_words import Answered, Asked, others, others_are_asked
from crisis_hub.application.ports import StoreUnavailable
from crisis_hub.domain.errors import NotFound, Refused
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import EscalationState, PageState, TakenBy
from crisis_hub.web.auth import parts_of
from crisis_hub.web.ladder_views import target_words
from crisis_hub.web.parts import Place

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
_STYLE = f"/static/sheet.css?v={sha256((STATIC / 'sheet.css').read_bytes()).hexdigest()[:12]}"
"""Named by its content, so that a telephone that has it never asks again."""

Act = Callable[[Asked, TakenBy], Awaitable[Answered]]

_RISK_WORDS = {
    Risk.IMMINENT: "Imminent",
    Risk.HIGH: "High",
    Risk.MODERATE: "Moderate",
    Risk.LOW: "Low",
    Risk.NONE: "A supervisor is needed",
    Risk.NOT_ASSESSED: "Not assessed",
}
_MARKS = {
    Risk.IMMINENT: '<path fill="currentColor" d="M6.1.6h7.8l5.5 5.5v7.8l-5.5 5.5H6.1L.6 13.9V6.1z"/>'
    '<path class="knock" d="M6 4.6h2.6v7H6zM6 13.2h2.6v2.4H6zM11.4 4.6H14v7h-2.6zM11.4 13.2H14v2.4h-2.6z"/>',
    Risk.HIGH: '<path fill="currentColor" d="M10 .9 19.8 18.6H.2z"/>'
    '<path class="knock" d="M8.8 6.6h2.4v6H8.8zM8.8 14h2.4v2.3H8.8z"/>',
    Risk.MODERATE: '<circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<path fill="currentColor" d="M10 1.8a8.2 8.2 0 0 0 0 16.4z"/>',
}
_PLAIN_MARK = '<circle cx="10" cy="10" r="7.9" fill="none" stroke="currentColor" stroke-width="2.4"/>'


def routes() -> list[Route]:
    """Return the pages for people who are not signed in."""
    return [
        Route("/p/{token}", _look, methods=["GET"]),
        Route("/p/{token}", _take, methods=["POST"]),
        Route("/p/{token}/pass", _pass, methods=["POST"]),
        # Where a telephone stands after passing; loading that address again only looks.
        Route("/p/{token}/pass", _look, methods=["GET"]),
    ]


async def _look(request: Request) -> Response:
    return await _answer(request, None)


async def _take(request: Request) -> Response:
    pages, token = parts_of(request).pages, request.path_params["token"]
    return await _answer(request, partial(pages.take_by_link, token=token))


async def _pass(request: Request) -> Response:
    return await _answer(request, parts_of(request).pages.pass_on)


async def _answer(request: Request, act: Act | None) -> Response:
    try:
        asked = await parts_of(request).pages.by_token(request.path_params["token"])
        if act is not None:
            asked = (await act(asked, TakenBy.BUTTON)).asked
        return _show(request, asked)
    except NotFound as missing:
        why = f'<h1>Not found</h1><p class="lede">{escape(missing.why)}</p>'
        return sheet(request, "This link does not work", why, 404)
    except (StoreUnavailable, Refused):
        return _broken(request)
    except Exception:  # who was woken gets plain words, whatever broke
        log.exception("a clinician's page failed")
        return _broken(request)


def _show(request: Request, asked: Asked) -> Response:
    if asked.escalation.has_taken(asked.page.person):
        return _silent(request, asked) if asked.escalation.silent else _yours(request, asked)
    if asked.escalation.state is EscalationState.TAKEN:
        return _theirs(request, asked)
    if asked.escalation.state is EscalationState.STOOD_DOWN:
        over = '<h1>Stood down</h1><p class="lede">Nobody is needed for this any more.</p>'
        return _page(request, asked, "Over", over)
    # Once everybody was tried, whoever passed it is asked again: nobody else is coming.
    if asked.page.state is PageState.PASSED and asked.escalation.running:
        where = "Others are being asked." if others_are_asked(asked) else "It went to the next person."
        passed = f'<h1>Passed on</h1><p class="lede">{where} You can sleep.</p>'
        return _page(request, asked, "Passed", passed)
    return _asking(request, asked)


def _asking(request: Request, asked: Asked) -> Response:
    now = parts_of(request).clock.now()
    token = escape(request.path_params["token"])
    word = _RISK_WORDS[asked.escalation.urgency]
    ago = max(0, int((now - asked.page.at).total_seconds()))
    body = f"""<div><h1>{_mark(asked.escalation.urgency)} {word}</h1>
<p class="lede">A responder needs you on case <b class="num">{escape(asked.case.number)}</b>.
You were paged {_span(ago)} ago.</p></div>
<form class="thumb" action="/p/{token}" method="post">
<p class="lede">{_next_words(request, asked)}</p>
<button class="button button-act take" type="submit">I have it</button>
<button class="button pass" type="submit" formaction="/p/{token}/pass">Pass to the next person now</button>
<p class="fine">One touch is enough. No password yet, and a second touch does no harm.
You can also press 4 on the call, or answer the text with 1.</p></form>"""
    return _page(request, asked, "A page for you", body)


def _next_words(request: Request, asked: Asked) -> str:
    escalation = asked.escalation
    if escalation.state is EscalationState.EXHAUSTED or escalation.due_at is None:
        return "Everybody was tried. The alarm stands at every desk until somebody has it."
    at = _clock(escalation.due_at, _zone(request, asked))
    if escalation.step >= len(escalation.steps):
        return f'At <b class="num">{at}</b> the alarm goes to every desk.'
    following = " and ".join(target_words(t) for t in escalation.steps[escalation.step].targets)
    return f'At <b class="num">{at}</b> it goes to {escape(following)} as well.'


def _yours(request: Request, asked: Asked) -> Response:
    escalation, zone = asked.escalation, _zone(request, asked)
    since = next(_clock(taker.at, zone) for taker in escalation.takers if taker.person == asked.page.person)
    body = f"""<div><h1>You have it</h1>
<p class="lede">Since <b class="num">{since}</b>. {_what_follows(asked, zone)}</p></div>
<div class="thumb"><a class="button button-act take" href="/case/{escape(asked.case.id)}">Sign in and read</a>
<p class="fine">Case <b class="num">{escape(asked.case.number)}</b>. What was said is shown only after you sign in.
The responder sees that you have it.</p></div>"""
    return _page(request, asked, "You have it", body)


def _what_follows(asked: Asked, zone: tzinfo) -> str:
    escalation = asked.escalation
    if escalation.wants_somebody:
        return "One more person is wanted for it and still being asked."
    together = others(escalation, asked.page)
    beside = f"You have it together with {escape(together)}. " if together else ""
    if escalation.waits_for_contact and escalation.contact_due_at is not None:
        at = _clock(escalation.contact_due_at, zone)
        return f'{beside}Open the case by <b class="num">{at}</b>, or you and the others are asked again.'
    return f"{beside}Nobody else will be paged for this."


def _silent(request: Request, asked: Asked) -> Response:
    body = f"""<div><h1>Asked again</h1>
<p class="lede">You took case <b class="num">{escape(asked.case.number)}</b> and were not seen on it in time, so that
others are relied upon now, or were asked. A newer text has its own link.</p></div>
<div class="thumb"><a class="button button-act take" href="/case/{escape(asked.case.id)}">Sign in and read</a></div>"""
    return _page(request, asked, "Asked again", body)


def _theirs(request: Request, asked: Asked) -> Response:
    name = escape(asked.escalation.taken_by_name or "Somebody")
    body = f"""<div><h1>{name} has it</h1>
<p class="lede">Case <b class="num">{escape(asked.case.number)}</b> is taken. There is nothing left to do.</p></div>"""
    return _page(request, asked, "Taken", body)


def _broken(request: Request) -> Response:
    body = """<h1>Not recorded</h1><p class="lede">We cannot write it down just now, so nobody knows that you have it.
Press again in a moment, or press 4 on the call.</p>"""
    return sheet(request, "Not recorded", body, 503)


def _page(request: Request, asked: Asked, title: str, body: str) -> Response:
    return sheet(request, title, body, zone=_zone(request, asked))


def nowhere(request: Request) -> Response:
    """Return the page for an address that leads nowhere: words and a way back, in both languages of the screens."""
    body = """<div><h1>There is no page at this address.</h1>
<p class="lede"><a href="/">Go to the start</a></p></div>
<div lang="es"><p class="lede">No hay ninguna página en esta dirección. <a href="/">Ir al inicio</a></p></div>"""
    return sheet(request, "No page here", body, 404)


def sheet(request: Request, title: str, body: str, status: int = 200, zone: tzinfo = UTC) -> Response:
    """Return a page for somebody who was just woken: dark, large, and without a script."""
    parts = parts_of(request)
    place: Place = parts.place
    band = '<header class="drill-band"><strong>DRILL</strong> A rehearsal. Nobody is in danger.</header>'
    drill = band if place.drill else ""
    return HTMLResponse(
        f"""<!doctype html>
<html lang="en" data-theme="dark"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="dark light">
<meta name="robots" content="noindex"><title>{title}</title><link rel="stylesheet" href="{_STYLE}"></head>
<body class="night">{drill}<main class="sheet"><div class="sheet-top"><span>{escape(place.name)}</span>
<span class="num">as of {_clock(parts.clock.now(), zone)}</span></div>
{body}</main></body></html>""",
        status,
        {"Cache-Control": "no-store"},
    )


def _zone(request: Request, asked: Asked) -> tzinfo:
    """Return the zone in which this person's rota is written; UTC when no rota called them."""
    rotas = parts_of(request).rulebook().rotas
    steps = asked.escalation.steps
    own = steps[asked.page.step - 1 : asked.page.step]
    names = [target.name for step in (*own, *steps) for target in step.targets if target.kind == "rota"]
    known = next((rotas[name].timezone for name in names if name in rotas), "")
    try:
        return ZoneInfo(known) if known else UTC
    except (ZoneInfoNotFoundError, ValueError):  # a slip in a file must not take the page away at three in the night
        return UTC


def _mark(risk: Risk) -> str:
    drawing = _MARKS.get(risk, _PLAIN_MARK)
    return f'<svg class="mark mark-{risk.value}" viewBox="0 0 20 20" aria-hidden="true">{drawing}</svg>'


def _clock(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    name = local.strftime("%Z")
    # Some zones have no short name but their distance from UTC.
    return local.strftime("%H:%M:%S ") + (f"UTC{name}" if name[:1] in "+-" else name)


def _span(seconds: int) -> str:
    count, word = (seconds, "second") if seconds < 60 else (seconds // 60, "minute")
    return f"{count} {word}{'' if count == 1 else 's'}"
