"""How the maker's library reaches the carrier: pooled connections, a limit on waiting, and no surprises."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from twilio.http.response import Response

from crisis_hub.adapters.telephony.sockets import Sockets
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, Clock, OutcomeUnknown

# Errors that come before the request could have reached anybody: asking again is safe.
_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_NOT_NOW = frozenset({408, 425, 429, 503})  # answers that say "later" and surely not "done"
_OUT_OF_ORDER = 503
_CONNECT_SECONDS = 2.0
MOST_AT_ONCE = 256
"""More than errands can be under way at once, so that an imminent page never waits for a connection either."""
_LATER_SECONDS = 1.0
_LATEST_SECONDS = 30.0  # a page cannot wait as long as a carrier may wish it to

_T = TypeVar("_T")


class PooledHttp:
    """What the library asks of an async HTTP client, on one pool of connections, with our errors."""

    is_async = True

    def __init__(self, clock: Clock, patience: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._clock = clock
        self._patience = patience
        # The transport alone, without a client around it: pages need no cookies, redirects or proxies, and what
        # a client does for them takes as long as the library itself.
        self._transport = transport or Sockets(MOST_AT_ONCE, httpx.create_ssl_context(trust_env=False))
        connect = min(patience, _CONNECT_SECONDS)
        self._timeout = {"connect": connect, "pool": connect, "read": patience, "write": patience}

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_settings: object,
    ) -> Response:
        """Send a request and return the answer, or raise a `TelephonyError`."""
        request = httpx.Request(
            method,
            _with_query(url, params),
            headers={**(headers or {}), **_signed_in(auth)},
            content=_form(data),
            extensions={"timeout": self._timeout},
        )
        try:
            answer = await self._in_time(self._sent(request))
        except _NOTHING_SENT as error:
            raise CarrierBusy(_name(error), _LATER_SECONDS) from error
        except httpx.TransportError as error:
            raise OutcomeUnknown(_name(error)) from error
        _check(answer)
        return Response(answer.status_code, answer.text, answer.headers)

    async def close(self) -> None:
        """Give back every connection."""
        await self._transport.aclose()

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        try:
            await answer.aread()
        finally:
            await answer.aclose()
        return answer

    async def _in_time(self, sending: Awaitable[_T]) -> _T:
        """Wait as long as the clock allows, so that a clock moved by hand can run out of patience too."""
        request = asyncio.ensure_future(sending)
        limit = asyncio.ensure_future(self._clock.sleep(self._patience))
        try:
            await asyncio.wait({request, limit}, return_when=asyncio.FIRST_COMPLETED)
            if request.done():
                return request.result()
            raise OutcomeUnknown(f"no answer within {self._patience:g} seconds")
        finally:
            request.cancel()
            limit.cancel()


def _check(answer: httpx.Response) -> None:
    """Sort an error into the port's three kinds; the library itself says less about some of them than others."""
    status = answer.status_code
    if status < 300:
        return
    if status in _NOT_NOW:
        wait = _seconds(answer.headers.get("retry-after"))
        raise CarrierBusy(f"the carrier answers {status}", wait, down=status == _OUT_OF_ORDER)
    if status >= 500:
        raise OutcomeUnknown(f"the carrier answers {status}")
    raise CarrierRefused(*_why(answer))


def _why(answer: httpx.Response) -> tuple[str, str]:
    """Read the carrier's own code and words; whatever else stands there, the status is said."""
    try:
        body = answer.json()
        return str(body["code"]), str(body["message"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code), f"the carrier answers {answer.status_code}"


def _with_query(url: str, params: Mapping[str, object] | None) -> str:
    return f"{url}?{urlencode(params, doseq=True)}" if params else url


def _form(data: Mapping[str, object] | None) -> bytes:
    # Lone surrogates cannot be sent; a question mark in their place is better than no page.
    return urlencode(data or {}, doseq=True, errors="replace").encode()


def _signed_in(auth: tuple[str, str] | None) -> dict[str, str]:
    if auth is None:
        return {}
    return {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"}


def _seconds(retry_after: str | None) -> float:
    """Read how long to wait; a date or nonsense counts as the usual while."""
    try:
        return min(max(float(retry_after or _LATER_SECONDS), 0.1), _LATEST_SECONDS)
    except ValueError:
        return _LATER_SECONDS


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
