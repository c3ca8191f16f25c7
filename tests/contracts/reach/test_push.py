"""Push to a browser: another maker's hand opens what we seal, and a push service on a socket checks who sends."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import http_ece
import pytest
import uvicorn
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.push.sealed import (
    LONGEST_MESSAGE,
    BadSubscription,
    Sender,
    base64url,
    from_base64url,
    read_subscription,
    sealed,
)
from crisis_hub.adapters.push.web_push import WebPush
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, OutcomeUnknown

CONTACT = "mailto:oncall@line.example.org"


@dataclass
class Browser:
    """A browser that listens at a push service, and the service itself, on a real socket."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    answer: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def receive(self, request: Request) -> Response:
        """Take a push as a push service does."""
        self.heard.append((dict(request.headers), await request.body()))
        if self.silent:
            await asyncio.Event().wait()
        return Response(status_code=self.answer, headers=self.headers)

    @property
    def subscription(self) -> str:
        """Return what the browser gives to our page."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": base64url(point), "auth": base64url(self.auth)}
        return json.dumps({"endpoint": f"http://127.0.0.1:{self.port}/push/abc", "keys": keys})

    def opened(self, body: bytes) -> str:
        """Open what came, as the browser does."""
        message: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return message.decode()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Run a push service with one browser behind it."""
    found = Browser()
    app = Starlette(routes=[Route("/push/abc", found.receive, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await SystemClock().sleep(0.01)
    found.port = server.servers[0].sockets[0].getsockname()[1]
    yield found
    server.should_exit = True
    await serving


def sender() -> Sender:
    """Return who sends."""
    return Sender(Keyring(bytes(range(32))).derive("web push"), CONTACT)


def push(*services: str, patience: float = 4.0) -> WebPush:
    """Return our own end."""
    clock = SystemClock()
    return WebPush(sender(), clock, RandomIds(clock), services or ("127.0.0.1",), patience)


def test_it_is_sealed_letter_by_letter_as_the_standard_shows() -> None:
    """RFC 8291, section 5 and appendix A: these keys and this salt give these bytes."""
    own = ec.derive_private_key(
        int.from_bytes(from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    keys = {"p256dh": point, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
    to = read_subscription(json.dumps({"endpoint": "https://push.example.net/x", "keys": keys}))

    body = sealed(b"When I grow up, I want to be a watermelon", to, own, from_base64url("DGv6ra1nlYgDCS1FRnbzlw"))

    assert base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
        "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_only_the_browser_can_read_it_and_it_comes_at_once(browser: Browser) -> None:
    carrier_id = await push().push(browser.subscription, '{"title": "IMMINENT ¡ya!"}')

    headers, body = browser.heard[0]
    assert carrier_id.startswith("push-")
    assert browser.opened(body) == '{"title": "IMMINENT ¡ya!"}'
    assert b"IMMINENT" not in body
    assert (headers["urgency"], headers["content-encoding"]) == ("high", "aes128gcm")
    assert 60 <= int(headers["ttl"]) <= 3600


async def test_each_message_has_a_key_of_its_own(browser: Browser) -> None:
    for _ in range(2):
        await push().push(browser.subscription, "the same")

    assert browser.heard[0][1] != browser.heard[1][1]


async def test_the_push_service_can_prove_who_sends(browser: Browser) -> None:
    await push().push(browser.subscription, "x")

    token, key = _proof(browser.heard[0][0]["authorization"])
    claims = _signed_by(token, key)
    assert claims["aud"] == f"http://127.0.0.1:{browser.port}"
    assert claims["sub"] == CONTACT
    assert 0 < claims["exp"] - SystemClock().now().timestamp() <= 24 * 3600
    assert key == push().public_key, "what the browser subscribed with"


async def test_a_proof_that_was_changed_is_none(browser: Browser) -> None:
    """Guards the test above: the check it makes does fail."""
    await push().push(browser.subscription, "x")
    token, key = _proof(browser.heard[0][0]["authorization"])
    head, claims, signature = token.split(".")

    with pytest.raises(InvalidSignature):
        _signed_by(f"{head}.{claims[:-2]}xx.{signature}", key)


def test_the_key_that_signs_is_the_same_after_every_start_and_another_for_another_house() -> None:
    assert sender().public_key == sender().public_key
    assert sender().public_key != Sender(Keyring(bytes(32)).derive("web push"), CONTACT).public_key
    assert len(from_base64url(sender().public_key)) == 65


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        *((refused, CarrierRefused) for refused in (302, 400, 404, 410, 413)),
        *((busy, CarrierBusy) for busy in (429, 503)),
        (500, OutcomeUnknown),
    ],
)
async def test_every_answer_is_sorted(browser: Browser, answer: int, error: type[Exception]) -> None:
    browser.answer = answer

    with pytest.raises(error):
        await push().push(browser.subscription, "x")


async def test_a_browser_that_is_gone_is_told_apart_and_a_busy_service_says_until_when(browser: Browser) -> None:
    browser.answer, browser.headers = 410, {}
    with pytest.raises(CarrierRefused) as gone:
        await push().push(browser.subscription, "x")
    assert gone.value.code == "410"

    browser.answer, browser.headers = 429, {"retry-after": "7"}
    with pytest.raises(CarrierBusy) as busy:
        await push().push(browser.subscription, "x")
    assert busy.value.retry_after == 7


async def test_a_service_that_falls_silent_leaves_it_open_and_one_that_is_not_there_took_nothing(
    browser: Browser,
) -> None:
    browser.silent = True
    with pytest.raises(OutcomeUnknown):
        await push(patience=0.3).push(browser.subscription, "x")

    browser.port = 9
    with pytest.raises(CarrierBusy):
        await push().push(browser.subscription, "x")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://169.254.169.254/latest",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com.example",
        "https://user@internal.example/x",
        "file:///etc/passwd",
        "https://[::1]/x",
        "",
    ],
)
async def test_nothing_is_sent_to_a_service_that_is_not_known(endpoint: str) -> None:
    """Who is signed in must not be able to make the hub ask addresses inside its own network."""
    written = json.loads(Browser().subscription) | {"endpoint": endpoint}
    ours = push("fcm.googleapis.com", "push.services.mozilla.com")

    assert ours.check(json.dumps(written))
    with pytest.raises(CarrierRefused):
        await ours.push(json.dumps(written), "x")


def test_a_known_service_and_what_lies_below_it_pass() -> None:
    ours = push("push.services.mozilla.com")
    written = json.loads(Browser().subscription) | {"endpoint": "https://updates.push.services.mozilla.com/wpush/v2/x"}

    assert ours.check(json.dumps(written)) == ""


@pytest.mark.parametrize("written", ["", "{}", "[]", "null", '{"endpoint": 1, "keys": {}}', "not json"])
def test_what_is_no_subscription_is_refused(written: str) -> None:
    with pytest.raises(BadSubscription):
        read_subscription(written)


async def test_a_message_that_is_too_long_is_refused_and_not_cut(browser: Browser) -> None:
    await push().push(browser.subscription, "x" * LONGEST_MESSAGE)
    assert len(browser.heard[0][1]) <= 4096
    with pytest.raises(CarrierRefused):
        await push().push(browser.subscription, "x" * (LONGEST_MESSAGE + 1))


def _proof(header: str) -> tuple[str, str]:
    assert header.startswith("vapid t=")
    token, _, key = header.removeprefix("vapid t=").partition(", k=")
    return token, key


def _signed_by(token: str, key: str) -> dict[str, Any]:
    head, claims, signature = token.split(".")
    raw = from_base64url(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(key))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, Any] = json.loads(from_base64url(claims))
    return found


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com:22/x",
        "https://fcm.googleapis.com:abc/x",
        "https://fcm.goo\tgleapis.com/x",
        "https://fcm.googleapis.com/\x01",
        "https://somebody@fcm.googleapis.com/x",
        "https://elsewhere.example.net\\@fcm.googleapis.com/x",
        "https://elsewhere.example.net%2f.fcm.googleapis.com/x",
        "https://xn--.fcm.googleapis.com/x",
        f"https://{'a' * 64}.fcm.googleapis.com/x",
    ],
)
async def test_an_address_that_two_readers_may_read_differently_is_refused(endpoint: str, browser: Browser) -> None:
    ours = WebPush(Sender(bytes(32), CONTACT), SystemClock(), RandomIds(SystemClock()))
    written = json.dumps(json.loads(browser.subscription) | {"endpoint": endpoint})

    assert ours.check(written)
    with pytest.raises(CarrierRefused):
        await ours.push(written, "{}")
