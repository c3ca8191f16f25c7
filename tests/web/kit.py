"""What the tests of the front share: a house, the carrier's pen, a store that can break."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
from starlette.datastructures import FormData, UploadFile
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
from tests.night import LINE, PUBLIC, Night, night

WRITER = "+15550100900"
NOBODY = "f" * 32
"""An id that looks like one of ours and names nothing."""


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


ALWAYS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-frame-options",
    "cross-origin-opener-policy",
    "permissions-policy",
    "strict-transport-security",
    "cache-control",
)


def guarded(answer: httpx.Response) -> None:
    """See that an answer carries every header, once."""
    for name in ALWAYS:
        assert len(answer.headers.get_list(name)) == 1, f"{name} on {answer.request.method} {answer.request.url}"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert int(answer.headers["strict-transport-security"].partition("=")[2]) >= 31_536_000


# ------------------------------------------------------------------------------------------ the carrier

Fields = Sequence[tuple[str, str]] | Mapping[str, str]


def signed(path: str, fields: Fields, token: str = AUTH_TOKEN, public: str = PUBLIC) -> str:
    """Sign as the carrier does, with the carrier's own library."""
    pairs: list[tuple[str, str | UploadFile]] = [*(fields.items() if isinstance(fields, Mapping) else fields)]
    return str(RequestValidator(token).compute_signature(public + path, FormData(pairs)))


async def hook(
    tonight: Night,
    path: str,
    fields: Fields,
    signature: str | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Post a webhook, signed unless a signature is given."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    sign = signed(path, pairs) if signature is None else signature
    sent = {
        "X-Twilio-Signature": sign,
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        **(headers or {}),
    }
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


def key(word: str) -> dict[str, Any]:
    """The header that makes a wish safe to say again."""
    return {"Idempotency-Key": word}


def same(one: object, other: object) -> bool:
    """Say whether two JSON values are the same."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
