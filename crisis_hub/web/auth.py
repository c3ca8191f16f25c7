"""Who is asking: a cookie for browsers, a bearer token for programs.

A browser's changes must carry the session's CSRF word, which no other site can read.
"""

from __future__ import annotations

import hmac
from ipaddress import IPv6Address, IPv6Network, ip_address
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


def drop_cookie(response: Response, place: Place) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(cookie_name(place), path="/", secure=place.secure, httponly=True, samesite="lax")


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
    place = parts_of(connection).place
    given = _address(origin)
    if given is None or (place.secure and given[0] != "https"):
        return False
    # Staff may reach us by another name than the carrier does; then the browser's own Host says which.
    return given in (_address(place.public_url), _address(f"{given[0]}://{connection.headers.get('host', '')}"))


def network_of(connection: HTTPConnection) -> str:
    """Return where wrong passwords are counted: the address, of IPv6 the network that one customer gets."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Network((address, 64), strict=False))
    return host


def _address(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port, with the port that the scheme means when none is named; nothing for nonsense."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in ("http", "https") or not host:
        return None
    return scheme, host, port or (443 if scheme == "https" else 80)


Asker = Annotated[Person, Depends(person_of)]
