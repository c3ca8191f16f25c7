"""A small world for the telephony tests: a hub that answers as it is told, a carrier, and a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.clock import HandClock
from crisis_hub.adapters.ids import CountedIds
from crisis_hub.adapters.telephony.simulator import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    Account,
    Carrier,
    Pace,
    Phone,
)
from crisis_hub.adapters.telephony.simulator.people import Person
from crisis_hub.adapters.telephony.twilio_adapter import TwilioTelephony

LINE = "+15550100100"
PUBLIC_URL = "https://hub.example.org"

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One webhook as the hub saw it."""

    path: str
    form: dict[str, str]
    headers: dict[str, str]
    signed: bool

    def __getitem__(self, name: str) -> str:
        return self.form.get(name, "")


Answer = str | Response | Callable[[Asked], str | Response | Awaitable[str | Response]]


@dataclass
class Hub:
    """Stands where the real hub will stand; every signature is checked by the stock validator."""

    token: str = AUTH_TOKEN
    public_url: str = PUBLIC_URL
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._serve, methods=["GET", "POST"])])

    def on(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.path.partition("?")[0] == path]

    def told(self, path: str, name: str) -> list[str]:
        """The values of one field, over all webhooks to a path, in order."""
        return [one[name] for one in self.on(path)]

    async def _serve(self, request: Request) -> Response:
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        form = {name: str(value) for name, value in (await request.form()).items()}
        signature = request.headers.get("x-twilio-signature", "")
        signed = RequestValidator(self.token).validate(self.public_url + target, form, signature)
        asked = Asked(target, form, dict(request.headers), signed)
        self.asked.append(asked)
        answer = self.answers.get(request.url.path, Response(status_code=204))
        if callable(answer) and not isinstance(answer, Response):
            made = answer(asked)
            answer = await made if isinstance(made, Awaitable) else made
        return answer if isinstance(answer, Response) else Response(answer, media_type="text/xml")


@dataclass
class World:
    """Everything in one process, with time standing still until it is moved."""

    hub: Hub
    carrier: Carrier
    telephony: TwilioTelephony
    clock: HandClock

    def phone(self, last_digits: str, person: Person | None = None) -> Phone:
        return self.carrier.phone(f"+155501000{last_digits}", person)

    async def asks(self, asking: Awaitable[T]) -> T:
        """Let the hub ask the carrier something, moving the clock a little while it waits."""
        task = asyncio.ensure_future(asking)
        for _ in range(200):
            await self.clock.settle()
            if task.done():
                break
            await self.clock.advance(0.5)
        return await task


@asynccontextmanager
async def world(account: Account | None = None, pace: Pace | None = None) -> AsyncIterator[World]:
    clock, hub = HandClock(), Hub()
    carrier = Carrier(clock, CountedIds(), account=account, pace=pace, transport=httpx.ASGITransport(hub.app))
    carrier.rent(LINE, PUBLIC_URL)
    telephony = telephony_to(carrier, clock)
    try:
        yield World(hub, carrier, telephony, clock)
        failures = list(carrier.work.failures)
    finally:
        await telephony.aclose()
        await carrier.aclose()
    assert not failures, failures


def telephony_to(carrier: Carrier, clock: HandClock) -> TwilioTelephony:
    return TwilioTelephony(
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        number=LINE,
        public_url=PUBLIC_URL,
        clock=clock,
        api_url="http://127.0.0.1",
        transport=httpx.ASGITransport(carrier.app),
    )


def twiml(*verbs: str) -> str:
    """TwiML for the hub of these tests to answer."""
    return f"<Response>{''.join(verbs)}</Response>"
