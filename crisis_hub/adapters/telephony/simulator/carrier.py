"""The simulated carrier as one thing: numbers, phones, faults, and the app that speaks Twilio's REST API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette

from crisis_hub.adapters.telephony.simulator import control, rest_calls, rest_conferences, rest_messages
from crisis_hub.adapters.telephony.simulator.acting import Browse
from crisis_hub.adapters.telephony.simulator.browse import LinkOpener
from crisis_hub.adapters.telephony.simulator.calls import Calls
from crisis_hub.adapters.telephony.simulator.conferences import Conferences
from crisis_hub.adapters.telephony.simulator.faults import Chance, Faults, Seeded
from crisis_hub.adapters.telephony.simulator.pace import Pace
from crisis_hub.adapters.telephony.simulator.people import Person
from crisis_hub.adapters.telephony.simulator.phones import Phone, Phones
from crisis_hub.adapters.telephony.simulator.rest import Desk
from crisis_hub.adapters.telephony.simulator.sounds import Sounds
from crisis_hub.adapters.telephony.simulator.state import Account, Call, Exchange, Message, Number
from crisis_hub.adapters.telephony.simulator.texts import Texts
from crisis_hub.adapters.telephony.simulator.webhooks import AT_ONCE, PATIENCE_SECONDS, Webhooks
from crisis_hub.adapters.telephony.simulator.work import Work
from crisis_hub.adapters.telephony.sockets import Sockets
from crisis_hub.application.ports import Clock, Ids

_CONNECT_SECONDS = 5.0  # Twilio's own


class Carrier:
    """A telephone company of our own: stateful, signed, on a given clock, and able to fail on demand.

    `transport` is how the hub is reached: an ASGI transport within one process, sockets otherwise.
    `reach` says where an origin really listens: `{"https://hub.example.org": "http://127.0.0.1:8000"}`.
    """

    def __init__(
        self,
        clock: Clock,
        ids: Ids,
        *,
        chance: Chance | None = None,
        account: Account | None = None,
        pace: Pace | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        reach: Mapping[str, str] | None = None,
        browse: Browse | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        pace = pace or Pace()
        self.exchange = Exchange(account or Account())
        self.work = Work(clock)
        self.faults = Faults(chance or Seeded(0))
        timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
        transport = transport or Sockets(AT_ONCE * 2, httpx.create_ssl_context(trust_env=False))
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False)
        self.webhooks = Webhooks(
            work=self.work,
            faults=self.faults,
            exchange=self.exchange,
            ids=ids,
            client=self._client,
            reach=reach,
            patience=patience,
        )
        self.phones = Phones(self.exchange, self.work, browse or LinkOpener(self._client, reach))
        self.rooms = Conferences(self.exchange, self.work, self.webhooks, Sounds(self.work, pace), ids)
        self.texts = Texts(
            exchange=self.exchange,
            work=self.work,
            faults=self.faults,
            webhooks=self.webhooks,
            phones=self.phones,
            ids=ids,
            pace=pace,
        )
        self.calls = Calls(
            exchange=self.exchange,
            work=self.work,
            faults=self.faults,
            webhooks=self.webhooks,
            rooms=self.rooms,
            phones=self.phones,
            ids=ids,
            pace=pace,
        )
        self.phones.connect(_Network(self.texts, self.calls))
        self._ids = ids
        self.app = self._make_app()

    @property
    def account(self) -> Account:
        """Return whose numbers these are."""
        return self.exchange.account

    def rent(self, number: str, hub_url: str, *, voice_fallback: str = "", text_fallback: str = "") -> Number:
        """Give the hub a number, with its webhooks below the hub's public address."""
        hub_url = hub_url.rstrip("/")
        rented = Number(
            number,
            f"PN{self._ids.new()}",
            voice_url=f"{hub_url}/twilio/voice",
            voice_fallback_url=voice_fallback,
            status_url=f"{hub_url}/twilio/voice/status",
            text_url=f"{hub_url}/twilio/text",
            text_fallback_url=text_fallback,
        )
        self.exchange.numbers[number] = rented
        return rented

    def phone(self, number: str, person: Person | None = None) -> Phone:
        """Return the phone of that number; with a person, put them behind it."""
        return self.phones.at(number) if person is None else self.phones.add(number, person)

    def keep_twiml(self, url: str, twiml: str) -> None:
        """Keep a static document under an address, as a TwiML Bin: it plays when the hub is down."""
        self.exchange.bins[url] = twiml

    async def idle(self) -> None:
        """Return once nothing is under way that could go on without time passing."""
        await self.work.idle()

    async def aclose(self) -> None:
        """Drop everything that is under way and every connection."""
        await self.work.stop()
        await self._client.aclose()

    def _make_app(self) -> Starlette:
        desk = Desk(self.exchange, self.work, self.faults, self.texts, self.calls, self.rooms)
        panel = control.Panel(self.exchange, self.work, self.faults, self.webhooks, self.phones, self.rent)

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            yield
            await self.aclose()

        return Starlette(
            routes=[
                *rest_messages.routes(desk),
                *rest_calls.routes(desk),
                *rest_conferences.routes(desk),
                *control.routes(panel),
            ],
            lifespan=lifespan,
        )


class _Network:
    """What the phones can do."""

    def __init__(self, texts: Texts, calls: Calls) -> None:
        self._texts, self._calls = texts, calls

    def text(self, from_: str, to: str, body: str) -> Message:
        """Send a text from a phone."""
        return self._texts.arrive(from_, to, body)

    def call(self, from_: str, to: str) -> Call:
        """Call from a phone."""
        return self._calls.arrive(from_, to)

    def hang_up(self, call: Call) -> None:
        """End a call from the phone's end."""
        self._calls.hang_up(call)

    def say(self, call: Call, words: str) -> None:
        """Speak to whoever is on the other end, or in the same room."""
        self._calls.voice(call, words)
