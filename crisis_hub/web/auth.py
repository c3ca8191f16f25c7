"""Who is asking: a cookie for browsers, a bearer token for programs; a browser's changes must carry the session's CSRF word."""

from __future__ import annotations

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.requests import HTTPConnection

from crisis_hub.application.door import LASTS, NotSignedIn, SignedIn
from crisis_hub.application.staff import Person
from crisis_hub.domain.errors import NotAllowed
from crisis_hub.web.parts import Parts, Place

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(place: Place) -> str:
    """Name the session's cookie; `__Host-` binds it to this very host, which browsers allow only over TLS."""
    return "__Host-session" if place.secure else "session"


def set_cookie(response: Response, place: Place, token: str) -> None:
    """Give the browser its session."""
    response.set_cookie(
        cookie_name(place),
        token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=place.secure,
        httponly=True,
        samesite="lax",
    )


def parts_of(connection: HTTPConnection) -> Parts:
    """Return what the hall gave us."""
    parts = connection.app.state.parts
    assert isinstance(parts, Parts)
    return parts


async def signed_in(request: Request) -> SignedIn:
    """Return who asks; refuse a change that comes with a cookie and without the CSRF word."""
    parts = parts_of(request)
    token, by_cookie = token_of(request)
    who = await parts.door.who(token)
    if by_cookie and request.method not in _SAFE:
        given = request.headers.get("x-csrf", "")
        if not hmac.compare_digest(given.encode(), who.session.csrf.encode()):
            raise NotAllowed("This request did not come from one of our own screens. Reload the page and try again.")
    return who


async def person_of(who: Annotated[SignedIn, Depends(signed_in)]) -> Person:
    """Return the person who asks."""
    return who.person


def token_of(connection: HTTPConnection) -> tuple[str, bool]:
    """Return the token and whether it came by cookie; a bearer token counts first."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip(), False
    cookie = connection.cookies.get(cookie_name(parts_of(connection).place))
    if cookie:
        return cookie, True
    raise NotSignedIn


def same_origin(connection: HTTPConnection) -> bool:
    """Say whether a browser's request comes from our own pages; programs send no Origin."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    public = urlsplit(parts_of(connection).place.public_url)
    given = urlsplit(origin)
    return given.netloc in (public.netloc, connection.headers.get("host", ""))


Asker = Annotated[Person, Depends(person_of)]
