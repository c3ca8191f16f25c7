"""The REST API's front door: who asks, what goes wrong today, and answers in Twilio's shape."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crisis_hub.adapters.telephony.simulator import errors
from crisis_hub.adapters.telephony.simulator.calls import Calls
from crisis_hub.adapters.telephony.simulator.conferences import Conferences
from crisis_hub.adapters.telephony.simulator.errors import Refusal
from crisis_hub.adapters.telephony.simulator.faults import FaultKind, Faults
from crisis_hub.adapters.telephony.simulator.fields import API_VERSION
from crisis_hub.adapters.telephony.simulator.state import Account, Exchange
from crisis_hub.adapters.telephony.simulator.texts import Texts
from crisis_hub.adapters.telephony.simulator.work import Work

ROOT = f"/{API_VERSION}/Accounts/{{account}}"

_SILENCE_SECONDS = 60.0  # longer than any caller of ours waits

Form = dict[str, list[str]]
Handler = Callable[["Desk", Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the REST API needs from the rest of the carrier."""

    exchange: Exchange
    work: Work
    faults: Faults
    texts: Texts
    calls: Calls
    rooms: Conferences

    @property
    def account(self) -> Account:
        """Return whose API this is."""
        return self.exchange.account


def route(desk: Desk, path: str, method: str, handler: Handler) -> Route:
    """Make a route with sign-in, faults and error bodies around its handler."""

    async def endpoint(request: Request) -> Response:
        with desk.work.doing():
            try:
                _sign_in(desk.account, request)
                await _before(desk, request)
                answer = await handler(desk, request)
                await _after(desk, request)
            except Refusal as refusal:
                return refuse(refusal)
            return answer

    return Route(f"{ROOT}/{path}", endpoint, methods=[method])


def refuse(refusal: Refusal) -> Response:
    """Answer with an error as Twilio writes it."""
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else None
    return JSONResponse(refusal.body(), status_code=refusal.status, headers=headers)


async def form_of(request: Request) -> dict[str, str]:
    """Return the posted fields, the last of each name."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


async def list_of(request: Request, name: str) -> list[str]:
    """Return every value of a field that may be repeated, or hold several words."""
    values = (await request.form()).getlist(name)
    return [word for value in values if isinstance(value, str) for word in value.split()]


def _sign_in(account: Account, request: Request) -> None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise errors.unauthorized() from None
    right = any(hmac.compare_digest(password.encode(), token.encode()) for token in account.tokens())
    if scheme.lower() != "basic" or user != account.sid or not right:
        raise errors.unauthorized()
    if request.path_params["account"] != account.sid:
        raise errors.not_found(request.url.path)


async def _before(desk: Desk, request: Request) -> None:
    """Let go wrong what is to go wrong before anything was accepted."""
    faults, subject = desk.faults, f"{request.method} {request.url.path}"
    if slow := faults.strikes(FaultKind.REST_LATENCY, subject):
        await desk.work.sleep(slow.seconds)
    if silent := faults.strikes(FaultKind.REST_SILENT_BEFORE, subject):
        await desk.work.sleep(silent.seconds or _SILENCE_SECONDS)
        raise errors.broken()
    if limited := faults.strikes(FaultKind.REST_429, subject):
        raise errors.too_many(round(limited.seconds) or 1)
    if down := faults.strikes(FaultKind.REST_503, subject):
        raise errors.unavailable(round(down.seconds) or 1)
    if faults.strikes(FaultKind.REST_500, subject):
        raise errors.broken()


async def _after(desk: Desk, request: Request) -> None:
    """Let go wrong what is to go wrong after it was accepted."""
    subject = f"{request.method} {request.url.path}"
    if silent := desk.faults.strikes(FaultKind.REST_SILENT_AFTER, subject):
        await desk.work.sleep(silent.seconds or _SILENCE_SECONDS)
    if desk.faults.strikes(FaultKind.REST_500_AFTER, subject):
        raise errors.broken()
