"""What the tests of the front share: a house, the carrier's pen, a store that can break, and a screen's socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
from pydantic import TypeAdapter
from starlette.datastructures import FormData
from starlette.types import ASGIApp, Message
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.rules_folder import RulesFolder
from crisis_hub.adapters.store.memory import MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN
from crisis_hub.application.ports import Store, StoreUnavailable
from crisis_hub.domain.case import Case
from crisis_hub.domain.rules import Rulebook
from crisis_hub.settings import SHIPPED_RULES
from crisis_hub.web import schemas as s
from tests.night import LINE, PUBLIC, Night, night

WRITER = "+15550100900"
NOBODY = "f" * 32
"""An id that looks like one of ours and names nothing."""

LIVE: TypeAdapter[s.LiveMessage] = TypeAdapter(s.LiveMessage)


@cache
def book() -> Rulebook:
    """The shipped rules, read once."""
    return RulesFolder(SHIPPED_RULES, SHIPPED_RULES).load()


@asynccontextmanager
async def house(store: Store | None = None) -> AsyncIterator[Night]:
    """A night with the shipped rules."""
    async with night(rulebook=book(), store=store) as tonight:
        yield tonight


async def claimed(tonight: Night, words: str = "i need somebody", who: str = "rui", number: str = WRITER) -> Case:
    """A case that somebody has."""
    case = await tonight.text(number, words)
    await tonight.done(who, f"/api/cases/{case.id}/claim")
    return await tonight.case(case.id)


async def paged(tonight: Night) -> Case:
    """A case at high risk for which the clinician on call was paged."""
    case = await claimed(tonight)
    await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
    await tonight.seconds(2)
    return await tonight.case(case.id)


def link_of(tonight: Night, person: str) -> str:
    """The path of the newest link that somebody was sent."""
    bodies = [message.body for message in tonight.phone_of(person).texts if "/p/" in message.body]
    return bodies[-1].rpartition(PUBLIC)[2].split()[0]


# ------------------------------------------------------------------------------------------ problems


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem document of an answer, after looking at its form."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["detail"][0].isupper() or status == 422
    return body


# ------------------------------------------------------------------------------------------ the carrier

Fields = Sequence[tuple[str, str]] | Mapping[str, str]


def signed(path: str, fields: Fields, token: str = AUTH_TOKEN, public: str = PUBLIC) -> str:
    """Sign as the carrier does, with the carrier's own library."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    return str(RequestValidator(token).compute_signature(public + path, FormData(pairs)))


async def hook(
    tonight: Night, path: str, fields: Fields, signature: str | None = None, body: bytes | None = None, **headers: str
) -> httpx.Response:
    """Post a webhook, signed unless a signature is given."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    sign = signed(path, pairs) if signature is None else signature
    sent = {"X-Twilio-Signature": sign, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", **headers}
    content = urlencode(pairs).encode() if body is None else body
    return await tonight.browser.post(path, content=content, headers=sent)


def text_form(sid: str = "SM" + "1" * 32, words: str = "hello", sender: str = WRITER, **more: str) -> dict[str, str]:
    """A message as the carrier tells of it, with its blank fields."""
    return {
        "ToCountry": "US",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "FromCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": words,
        "To": LINE,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": sender,
        "ApiVersion": "2010-04-01",
        **more,
    }


def call_form(sid: str = "CA" + "1" * 32, caller: str = WRITER, **more: str) -> dict[str, str]:
    """A call as the carrier tells of it."""
    return {
        "CallSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": caller,
        "To": LINE,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "CallerCity": "",
        "ApiVersion": "2010-04-01",
        **more,
    }


def twiml(answer: httpx.Response) -> ElementTree.Element:
    """Return the answer's TwiML, well-formed and of the right kind."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(answer.text)  # noqa: S314 - our own words
    assert root.tag == "Response"
    return root


# --------------------------------------------------------------------------------- a store that can break

_PORT = frozenset(name for name in vars(Store) if not name.startswith("_") and name != "close")


class BreakableStore(MemoryStore):
    """The ledger in memory; while it is `down` every question to it is answered with `StoreUnavailable`."""

    down = False

    def __init__(self) -> None:
        super().__init__(Vault(Keyring(bytes(range(32))).vault_key()))

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        if name in _PORT and object.__getattribute__(self, "down"):
            return _refuse
        return super().__getattribute__(name)


async def _refuse(*_: object, **__: object) -> None:
    raise StoreUnavailable("The database is locked; free some space.")


# --------------------------------------------------------------------------------------- a screen's socket


class Closed(Exception):
    """The socket was closed; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """The browser's end of a WebSocket, without a wire in between."""

    def __init__(self, app: ASGIApp, path: str, headers: Mapping[str, str]) -> None:
        self._app = app
        target, _, query = path.partition("?")
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss",
            "path": target,
            "raw_path": target.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 5),
            "server": ("hub.example.org", 443),
            "subprotocols": [],
            "state": {},
        }
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._reading = asyncio.Event()
        self._reading.set()
        self._task: asyncio.Task[None] | None = None
        self.accepted = False

    def open(self) -> None:
        """Begin."""
        self._to_app.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await self._app(self._scope, self._to_app.get, self._send)

    async def _send(self, message: Message) -> None:
        await self._reading.wait()  # as a server does whose client's window is full
        if message["type"] == "websocket.accept":
            self.accepted = True
        else:
            self._from_app.put_nowait(message)

    def stop_reading(self) -> None:
        """Take in nothing more from now on."""
        self._reading.clear()

    def read_on(self) -> None:
        """Take in again."""
        self._reading.set()

    def say(self, words: str | bytes) -> None:
        """Say something to the server."""
        kind = "text" if isinstance(words, str) else "bytes"
        self._to_app.put_nowait({"type": "websocket.receive", kind: words})

    async def heard(self) -> s.LiveMessage:
        """Return the next message, in the shape that was promised."""
        return LIVE.validate_json(await self.raw(), extra="forbid")

    async def raw(self) -> str:
        """Return the next message as it came; raise `Closed` when there is none any more."""
        async with asyncio.timeout(5):
            message = await self._from_app.get()
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        text: str = message["text"]
        return text

    async def all_so_far(self) -> list[s.LiveMessage]:
        """Return everything that has come."""
        for _ in range(50):
            await asyncio.sleep(0)  # noqa: TID251 - lets the pump run
        return [await self.heard() for _ in range(self._from_app.qsize())]

    async def changes(self) -> list[s.Change]:
        """Return the changes that have come."""
        return [message for message in await self.all_so_far() if isinstance(message, s.Change)]

    async def leave(self) -> None:
        """Close the window."""
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1001})
        self.read_on()
        if self._task is not None:
            async with asyncio.timeout(5):
                await self._task

    @property
    def over(self) -> bool:
        """Whether the server is done with it."""
        return self._task is not None and self._task.done()


@asynccontextmanager
async def screen(tonight: Night, who: str, after: int | None = None, **headers: str) -> AsyncIterator[Socket]:
    """Somebody's screen, connected."""
    path = "/api/live" if after is None else f"/api/live?after={after}"
    sent = {"host": "hub.example.org", **await tonight.sign_in(who), **headers}
    socket = Socket(tonight.house.app, path, sent)
    socket.open()
    try:
        yield socket
    finally:
        with contextlib.suppress(Closed):
            await socket.leave()


def same(one: object, other: object) -> bool:
    """Say whether two JSON values are the same."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


Check = Callable[[httpx.Response], None]
