"""How the carrier's webhooks travel: retried only when nobody answers the door, signed for the public address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.ids import RandomIds
from crisis_hub.adapters.telephony.signature import TwilioSignature
from crisis_hub.adapters.telephony.simulator import AUTH_TOKEN, Carrier, Pace, bound, served
from tests.contracts.telephony.world import LINE, PUBLIC_URL, Asked, Hub, World, twiml, world

AT_ONCE = Pace(text_sent=0.0, text_delivered=0.0, text_arrives=0.0, call_starts=0.0, speech=False)


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def test_a_hub_that_is_down_is_tried_twice_and_then_no_more() -> None:
    with bound("127.0.0.1", 0) as closed:
        port = closed.getsockname()[1]
    clock = SystemClock()
    carrier = Carrier(clock, RandomIds(clock), pace=AT_ONCE)
    carrier.rent(LINE, f"http://127.0.0.1:{port}")

    carrier.phone("+15550100002").text("help")
    await carrier.idle()
    await carrier.aclose()

    (posted,) = carrier.webhooks.posted
    assert posted.answers == [0, 0]


async def test_a_hub_behind_a_proxy_is_reached_where_it_listens_and_signed_where_it_is_known() -> None:
    clock, hub = SystemClock(), Hub()
    async with served(hub.app) as address:
        carrier = Carrier(clock, RandomIds(clock), pace=AT_ONCE, reach={PUBLIC_URL: address})
        carrier.rent(LINE, PUBLIC_URL)
        carrier.phone("+15550100002").text("help")
        await carrier.idle()
        await carrier.aclose()

    (asked,) = hub.asked
    assert asked.signed
    assert asked.headers["host"] == "hub.example.org"


async def test_our_own_check_holds_for_everything_that_the_carrier_posts(w: World) -> None:
    check, seen = TwilioSignature([PUBLIC_URL], [AUTH_TOKEN]), list[bool]()

    def checked(asked: Asked) -> str:
        seen.append(check.holds(asked.path, list(asked.form.items()), asked.headers["x-twilio-signature"]))
        return twiml()

    w.hub.answers |= {"/twilio/text": checked, "/twilio/voice": checked, "/s": checked}
    phone = w.phone("02")
    for body in ["¿Hola? 💙", "", "\x00", "\ud800", "a=b&c=d", " stop ", "x" * 1600]:
        phone.text(body)
    phone.call()
    await w.asks(w.telephony.send_text("+15550100001", "Case 7", "/s?a=%20b&c"))
    await w.clock.advance(10)

    assert len(seen) >= 10
    assert all(seen)


async def test_settings_in_a_fragment_are_neither_sent_nor_signed(w: World) -> None:
    w.carrier.exchange.numbers[LINE].text_url = f"{PUBLIC_URL}/twilio/text#rc=3&rp=all"

    w.phone("02").text("help")
    await w.clock.advance(5)

    assert [(one.path, one.signed) for one in w.hub.asked] == [("/twilio/text", True)]


async def test_a_document_asked_for_with_get_is_signed_over_its_address(w: World) -> None:
    w.hub.answers["/twilio/voice"] = twiml("<Redirect method='GET'>/next?a=1</Redirect>")
    w.hub.answers["/next"] = twiml("<Say>There</Say>")
    caller = w.phone("02")

    caller.call()
    await w.clock.advance(10)

    (asked,) = w.hub.on("/next")
    assert (asked.signed, asked.form) == (True, {})
    assert asked.path.startswith("/next?a=1&AccountSid=")
    assert caller.words_heard() == "There"


async def test_a_recorded_webhook_can_be_made_by_hand_as_the_stock_validator_makes_it(w: World) -> None:
    form = {"CallSid": "CA1", "Body": ""}

    signature = w.carrier.webhooks.sign(f"{PUBLIC_URL}/x", form)
    made = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}/x", form)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(w.hub.app), base_url=PUBLIC_URL) as stranger:
        await stranger.post(
            "/x",
            content=urlencode(form),
            headers={"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"},
        )

    assert signature == made
    assert w.hub.asked[0].signed
