"""What holds for every answer: the headers, a limit on what is sent to us, and a document for what nobody expected.

Plain ASGI, so that nothing is buffered on the way and the carrier's doors stay light.
"""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crisis_hub.web.errors import problem

log = logging.getLogger(__name__)

LONGEST_BODY = 256 * 1024

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_YEAR = 31_536_000

Headers = list[tuple[bytes, bytes]]


class Guard:
    """Stands before everything; what the screens and the API say is never kept by a cache unless it says so itself."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        fixed = _HEADERS | ({"strict-transport-security": f"max-age={_YEAR}"} if secure else {})
        self._headers: Headers = [(name.encode(), value.encode()) for name, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = self._with_ours(message.get("headers", ()))
            await send(message)

        try:
            await self._app(scope, _limited(scope, receive), guarded)
        except ClientDisconnect:
            log.info("somebody hung up in the middle of a request")
        except Exception:
            log.exception("a request failed", extra={"door": _door(scope)})
            if started:
                raise  # half an answer is out; only cutting the line says that it is not whole
            await _broken(scope, receive, guarded)

    def _with_ours(self, theirs: Headers) -> Headers:
        headers = [*theirs, *self._headers]
        if not any(name == b"cache-control" for name, _ in theirs):
            headers.append((b"cache-control", b"no-store"))
        return headers


def _door(scope: Scope) -> str:
    """Name the door without what stands behind it: the link of a page is a secret, and logs keep none."""
    return f"{scope['method']} /{scope['path'].split('/')[1]}"


async def _broken(scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem(500, "Something broke here. It was written to the log; try again, and tell your administrator.")
    await answer(scope, receive, send)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Let no more of a body in than anybody needs to say, whether or not its length was told before."""
    if scope["path"].startswith("/twilio/"):
        return receive  # forms have a shorter limit of their own
    left = LONGEST_BODY

    async def limited() -> Message:
        nonlocal left
        if _said_length(scope) > LONGEST_BODY:
            raise _too_long()
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_long()
        return message

    return limited


def _said_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _too_long() -> HTTPException:
    return HTTPException(413, f"The longest request that is taken has {LONGEST_BODY // 1024} kB.")
