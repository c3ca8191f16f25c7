"""The world around the hubs, in the test's own process: the carrier, the person who resends webhooks, and staff.

The carrier is the simulated one on a real socket. Webhooks of texts are posted here and not by it, since here a
webhook that is refused or gets no answer is posted again until it is accepted: every text is then either accepted or
on the carrier's list of what it still has to bring, and must be in the ledger in the end.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.simulator import AUTH_TOKEN, Call, Carrier, Seeded, served
from crisis_hub.adapters.telephony.simulator import Message as Text
from crisis_hub.application.ports import Clock
from tests.chaos.checker import FAIL, INFO, INVOKE, OK, History
from tests.chaos.hubs import NUMBER_OF, WHOSE
from tests.night import LINE, PASSWORD, PUBLIC

_MOST_TRIES = 2000
_PAUSE = 0.03
_PATIENCE = 15.0  # Twilio's own
_CASE = re.compile(r"[?&]case=([^&\"]+)")

_T = TypeVar("_T")


class Luck:
    """Chance that is the same for the same seed."""

    def __init__(self, seed: int, what_for: str = "") -> None:
        self._source = Seeded(int.from_bytes(sha256(f"{seed} {what_for}".encode()).digest()[:6], "big"))

    def below(self, most: float) -> float:
        """Return a number from 0 to `most`."""
        return self._source.random() * most

    def whole(self, least: int, most: int) -> int:
        """Return a whole number, both ends included."""
        return least + int(self._source.random() * (most - least + 1))

    def happens(self, probability: float) -> bool:
        """Say whether something of this probability happens."""
        return self._source.random() < probability

    def one(self, choices: Sequence[_T]) -> _T:
        """Return one of these."""
        return choices[self.whole(0, len(choices) - 1)]


# -------------------------------------------------------------------------------------------- the carrier


class _ToHubs(httpx.AsyncBaseTransport):
    """Brings what is addressed to the public name to the hubs, to one after the other, as a plain proxy does."""

    def __init__(self) -> None:
        self._transport = httpx.AsyncHTTPTransport(trust_env=False)
        self.urls: list[str] = []
        self._turn = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._turn += 1
        hub = httpx.URL(self.urls[self._turn % len(self.urls)])
        request.url = request.url.copy_with(scheme=hub.scheme, host=hub.host, port=hub.port)
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


class _Overheard:
    """Tells of every order that the carrier gets, before it is looked at and once it was answered."""

    def __init__(
        self, app: ASGIApp, asked: Callable[[str], Awaitable[None]], answered: Callable[[str, int], None]
    ) -> None:
        self._app, self._asked, self._answered = app, asked, answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/sim"):
            await self._app(scope, receive, send)
            return
        order = f"{scope['method']} {scope['path'].rpartition('/')[2]}"
        await self._asked(order)

        async def overheard(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._answered(order, message["status"])
            await send(message)

        await self._app(scope, receive, overheard)


@dataclass(frozen=True)
class Answer:
    """What a hub said."""

    status: int
    text: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """Return what it said, read as JSON."""
        return json.loads(self.text)


async def _nothing() -> None:
    """Wait for nothing."""


@dataclass
class Outside:
    """Everything outside the hubs."""

    clock: Clock
    history: History
    carrier: Carrier
    carrier_url: str
    to_hubs: _ToHubs
    client: aiohttp.ClientSession
    moment: Callable[[str], None] = lambda name: None
    hub_is_up: Callable[[], Awaitable[None]] = _nothing
    on_page: Callable[[str, str, str, Text | Call], None] = lambda case, attempt, person, what: None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    _tokens: dict[str, str] = field(default_factory=dict)
    _texts_seen: int = 0
    _calls_seen: int = 0

    def serve(self, *urls: str) -> None:
        """Say where the hubs are; the carrier goes to one after the other."""
        self.to_hubs.urls = list(urls)

    @property
    def hubs(self) -> list[str]:
        """Return where the hubs are."""
        return self.to_hubs.urls

    # ------------------------------------------------------------------ webhooks

    async def text(self, sender: str, body: str, *, copies: int = 1, sid: str = "", late: bool = False) -> Answer:
        """Bring a text to the hubs, if need be several times at once, until it is accepted."""
        sid = sid or self.new_sid()
        self.history.note("person", "text", INVOKE, sid=sid, sender=sender, copies=copies, late=late)
        form = text_form(sid, sender, body)
        said = await asyncio.gather(*(self._bring("text", sid, form, number) for number in range(copies)))
        return said[0]

    async def reply(self, person: str, body: str, copies: int = 1) -> Answer:
        """Bring a text of somebody on the staff to the hubs, if need be several times at once, until it is accepted."""
        sid = self.new_sid()
        form = text_form(sid, NUMBER_OF[person], body)
        said = await asyncio.gather(*(self._bring("reply", sid, form, number) for number in range(copies)))
        return said[0]

    async def _bring(self, what: str, sid: str, form: dict[str, str], number: int) -> Answer:
        answer: Answer | None = None
        for trial in range(_MOST_TRIES):
            await self.hub_is_up()
            answer = await self.post("/twilio/text", form, self.hubs[(number + trial) % len(self.hubs)])
            if answer is None:
                self.history.note("carrier", what, INFO, sid=sid)
                await SystemClock().sleep(_PAUSE)
                continue
            if answer.status == 200:
                self.history.note("carrier", what, OK, sid=sid, answer=answer.text)
                return answer
            self.history.note("carrier", what, FAIL, sid=sid, status=answer.status, answer=answer.text[:200])
            assert answer.status != 403, "the signature was refused"
            await SystemClock().sleep(_PAUSE)
        raise AssertionError(f"the {what} {sid} was never accepted; last {answer}")

    async def post(self, path: str, form: dict[str, str], hub: str) -> Answer | None:
        """Post one signed webhook once; nothing when no answer came."""
        self.moment("a webhook leaves")
        signature = RequestValidator(AUTH_TOKEN).compute_signature(PUBLIC + path, form)
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.request("POST", hub + path, headers=headers, data=urlencode(form))
        if answer is not None:
            self.moment("a webhook is answered")
        return answer

    async def request(self, method: str, url: str, **how: Any) -> Answer | None:  # noqa: ANN401 - whatever the client takes
        """Ask once; nothing when no whole answer came."""
        try:
            async with self.client.request(method, url, allow_redirects=False, **how) as answer:
                return Answer(answer.status, await answer.text())
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError):
            return None

    def new_sid(self) -> str:
        """Return an id as the carrier makes them."""
        return f"SM{RandomIds(self.clock).new()}"

    # ------------------------------------------------------------------ people at screens

    async def sign_in(self, hub: str, *people: str) -> None:
        """Sign people in at a hub; the session is good at every hub and outlives it."""
        for person in people:
            body = {"username": person, "password": PASSWORD}
            answer = await self.request("POST", f"{hub}/api/login", json=body)
            assert answer, f"{hub} does not answer"
            assert answer.status == 200, answer
            self._tokens[person] = answer.data["token"]

    def bearer(self, person: str) -> dict[str, str]:
        """Return the header that says who asks."""
        return {"Authorization": f"Bearer {self._tokens[person]}"}

    async def get(self, person: str, path: str, hub: str = "") -> Any:  # noqa: ANN401 - JSON
        """Ask for something that must be granted."""
        for _ in range(_MOST_TRIES):
            answer = await self.request("GET", (hub or self.hubs[0]) + path, headers=self.bearer(person))
            if answer is not None:  # a connection that was kept may have been let go at the other end
                assert answer.status == 200, answer
                return answer.data
            await SystemClock().sleep(_PAUSE)
        raise AssertionError(f"{path} was never answered")

    async def ask(
        self, person: str, path: str, body: dict[str, Any] | None = None, *, key: str = "", hub: str = ""
    ) -> Answer:
        """Ask for a change until there is a final answer; the key makes twice the same as once."""
        key = key or RandomIds(self.clock).new()
        headers = {**self.bearer(person), "Idempotency-Key": key}
        for trial in range(_MOST_TRIES):
            await self.hub_is_up()
            self.moment("a request leaves")
            where = hub or self.hubs[trial % len(self.hubs)]
            answer = await self.request("POST", where + path, json=body, headers=headers)
            if answer is None:
                self.history.note(person, "request", INFO, path=path)
            else:
                self.moment("a request is answered")
                if answer.status != 503:
                    return answer
            await SystemClock().sleep(_PAUSE)
        raise AssertionError(f"{path} was never answered")

    async def claim(self, person: str, case: str, hub: str = "") -> Answer:
        """Let a responder ask for a case."""
        self.history.note(person, "claim", INVOKE, case=case, person=person)
        answer = await self.ask(person, f"/api/cases/{case}/claim", hub=hub)
        if answer.status == 200:
            self.history.note(person, "claim", OK, case=case, person=person)
        else:
            self.history.note(person, "claim", FAIL, case=case, person=person, holder=answer.data.get("who"))
        return answer

    async def answer(
        self, person: str, case: str, question: str, said: str, *, calls_for: str = "", hub: str = ""
    ) -> Answer:
        """Write an answer down; `question` is `instrument.item`."""
        instrument, _, item = question.partition(".")
        body = {"instrument": instrument, "item": item, "answer": said}
        self.history.note(person, "answer", INVOKE, case=case, calls_for=calls_for, **body)
        answer = await self.ask(person, f"/api/cases/{case}/answers", body, hub=hub)
        assert answer.status == 200, answer
        self.history.note(person, "answer", OK, case=case, **body)
        return answer

    async def write(self, person: str, case: str, words: str, hub: str = "") -> None:
        """Let a responder write to the person."""
        self.history.note(person, "message", INVOKE, case=case, body=words)
        answer = await self.ask(person, f"/api/cases/{case}/messages", {"text": words}, hub=hub)
        assert answer.status == 200, answer
        self.history.note(person, "message", OK, case=case, body=words)

    # ------------------------------------------------------------------ people who are paged

    async def take_by_reply(self, person: str, case: str, number: str, words: str = "", copies: int = 1) -> None:
        """Answer a page by text, with the case's number or with other words that mean yes."""
        what = {"person": person, "means": "reply"} | ({"case": case} if not words else {})
        self.history.note(person, "take", INVOKE, **what)
        answer = await self.reply(person, words or number, copies)
        yours = f"You have case {number}" in unescape(answer.text)
        self.history.note(person, "take", OK, person=person, case=case, yours=yours, answer=answer.text)
        if words and "more than one page" in answer.text:
            await self.take_by_reply(person, case, number)

    async def take_by_button(self, person: str, case: str, attempt: str, link: str) -> None:
        """Touch the button behind a link."""
        self.history.note(person, "take", INVOKE, person=person, means="button", attempt=attempt, case=case)
        answer = await self.open(link, "POST")
        yours = "You have it" in answer.text
        self.history.note(person, "take", OK, person=person, case=case, yours=yours)

    async def open(self, link: str, method: str = "GET") -> Answer:
        """Open a link until the hub answers."""
        path = urlsplit(link).path
        for trial in range(_MOST_TRIES):
            await self.hub_is_up()
            self.moment("a link is opened")
            answer = await self.request(method, self.hubs[trial % len(self.hubs)] + path)
            if answer is not None and answer.status != 503:
                return answer
            await SystemClock().sleep(_PAUSE)
        raise AssertionError(f"{method} {path} was never answered")

    def press(self, person: str, case: str, attempt: str, call: Call, digits: str) -> None:
        """Answer a page's call and press digits."""
        for digit in digits:
            if digit in "1425":
                act = "take" if digit in "14" else "pass"
                self.history.note(person, act, INVOKE, person=person, means="digit", attempt=attempt, case=case)
            call.keys.put_nowait(digit)
        call.decide("human")

    # ------------------------------------------------------------------ what the carrier was given

    async def asked(self, order: str) -> None:
        """Hear that the carrier was asked for something, and hold it up while the gate is closed."""
        self.moment(f"the carrier is asked: {order}")
        await self.gate.wait()

    def answered(self, order: str, status: int) -> None:
        """Hear that the carrier has answered, and look what it has accepted since."""
        texts, calls = list(self.carrier.exchange.messages.values()), list(self.carrier.exchange.calls.values())
        fresh, self._texts_seen = texts[self._texts_seen :], len(texts)
        rung, self._calls_seen = calls[self._calls_seen :], len(calls)
        for text in fresh:
            self._accepted(text, text.callback_url, text.to)
        for call in rung:
            self._accepted(call, call.callback.url, call.to)
        self.moment(f"the carrier has answered {status}: {order}")

    def _accepted(self, what: Text | Call, callback: str, to: str) -> None:
        parts = urlsplit(callback)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if what.direction != "outbound-api":
            return
        if parts.path == "/twilio/page/status":
            kind = "sms" if isinstance(what, Text) else "call"
            for attempt in (query["attempt"], *filter(None, query.get("with", "").split(","))):
                case = attempt.partition("-")[0]
                self.history.note("carrier", "page", OK, attempt=attempt, case=case, kind=kind, sid=what.sid, to=to)
                self.on_page(case, attempt, WHOSE[to], what)
        elif parts.path == "/twilio/text/status" and isinstance(what, Text):
            self.history.note("carrier", "sent", OK, body=what.body, to=to, sid=what.sid)


def text_form(sid: str, sender: str, body: str) -> dict[str, str]:
    """Return the form of a text's webhook, with its blank fields."""
    return {
        "AccountSid": "AC1",
        "MessageSid": sid,
        "SmsSid": sid,
        "From": sender,
        "To": LINE,
        "Body": body,
        "NumMedia": "0",
        "FromCity": "",
    }


def case_of(answer: Answer) -> str:
    """Return the case that a first reply belongs to: its receipts are told apart by it."""
    found = _CASE.search(unescape(answer.text))
    assert found, answer
    return found.group(1)


def link_of(body: str, number: str) -> str | None:
    """Return the link that stands behind the number of a case: one text can tell of several, the most urgent first."""
    found = re.search(rf"Case {re.escape(number)}\..*?(https?://\S+)", body)
    return found.group(1).rstrip(".,;)") if found else None


@asynccontextmanager
async def outside(clock: Clock, seed: int) -> AsyncIterator[Outside]:
    """Open the world around the hubs."""
    to_hubs = _ToHubs()
    history = History(clock)
    carrier = Carrier(clock, RandomIds(clock), chance=Seeded(seed), transport=to_hubs)
    carrier.rent(LINE, PUBLIC)
    around: list[Outside] = []
    heard = _Overheard(
        carrier.app,
        lambda order: around[0].asked(order),  # noqa: PLW0108 - made before there is anybody around
        lambda order, status: around[0].answered(order, status),  # noqa: PLW0108 - as above
    )
    async with AsyncExitStack() as stack:
        carrier_url = await stack.enter_async_context(served(heard))
        limit = aiohttp.ClientTimeout(total=_PATIENCE)
        client = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=limit, connector=aiohttp.TCPConnector(limit=200))
        )
        around.append(Outside(clock, history, carrier, carrier_url, to_hubs, client))
        around[0].gate.set()
        yield around[0]
        assert carrier.work.failures == []
