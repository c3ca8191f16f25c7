"""The carrier's doors open to what the carrier signed, letter by letter, and to nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from crisis_hub.adapters.telephony.signature import TwilioSignature
from crisis_hub.adapters.telephony.simulator import AUTH_TOKEN
from crisis_hub.web import reach_webhooks, webhooks
from crisis_hub.web.app import create_app
from tests.night import PUBLIC, Night
from tests.web.kit import Fields, hook, house, signed, text_form

DOORS = [route.path for route in webhooks.routes(reach_webhooks.HANDLERS)]
TEXT = text_form()


async def refused(
    tonight: Night,
    path: str,
    fields: Fields,
    signature: str | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Post it, and see that it was refused and that nothing was written."""
    before = await tonight.store.head()
    answer = await hook(tonight, path, fields, signature, body, headers)
    assert answer.status_code == 403
    assert await tonight.store.head() == before
    assert tonight.house.board.cases() == []


@pytest.mark.parametrize("door", DOORS)
async def test_every_door_is_closed_to_strangers(door: str) -> None:
    async with house() as tonight:
        for signature in ("", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "é", signed(door, TEXT, token="another")):
            sent = {b"X-Twilio-Signature": signature.encode("latin-1", "replace")}
            answer = await tonight.browser.post(door, data=TEXT, headers=sent)
            assert answer.status_code == 403
            assert answer.headers["content-type"].startswith("text/plain")
        assert (await tonight.browser.post(door, data=TEXT)).status_code == 403
        assert (await tonight.browser.get(door)).status_code == 405
        assert tonight.house.board.cases() == []


async def test_a_signature_is_good_for_its_own_letters_only() -> None:
    async with house() as tonight:
        good = signed("/twilio/text", TEXT)
        await refused(tonight, "/twilio/text", TEXT | {"Body": "something else"}, good)
        await refused(tonight, "/twilio/text", TEXT | {"More": "x"}, good)
        await refused(tonight, "/twilio/text", {k: v for k, v in TEXT.items() if k != "FromCity" and v}, good[:-2])
        await refused(tonight, "/twilio/text?x=1", TEXT, good)
        await refused(tonight, "/twilio/voice", TEXT, good)
        await refused(tonight, "/twilio/text", TEXT, signed("/twilio/text", TEXT, public="https://other.example.org"))
        await refused(tonight, "/twilio/text", TEXT, signed("/twilio/text", TEXT, public="http://hub.example.org"))
        assert (await hook(tonight, "/twilio/text", TEXT, good)).status_code == 200


async def test_the_address_is_ours_from_the_settings_whatever_the_request_claims() -> None:
    async with house() as tonight:
        forged = {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org", "X-Forwarded-Proto": "http"}
        evil = signed("/twilio/text", TEXT, public="http://evil.example.org")
        await refused(tonight, "/twilio/text", TEXT, evil, headers=forged)
        assert (await hook(tonight, "/twilio/text", TEXT, headers=forged)).status_code == 200


async def test_blank_fields_are_signed_too() -> None:
    async with house() as tonight:
        assert any(not value for value in TEXT.values())
        assert (await hook(tonight, "/twilio/text", TEXT)).status_code == 200


async def test_while_tokens_are_rotated_both_count_and_a_third_does_not() -> None:
    async with house() as tonight:
        parts = tonight.house.app.state.parts
        rotating = create_app(replace(parts, signature=TwilioSignature([PUBLIC], ["the new one", AUTH_TOKEN])))
        old_app, tonight.browser._transport.app = tonight.house.app, rotating  # type: ignore[attr-defined]
        try:
            for number, token in enumerate(("the new one", AUTH_TOKEN)):
                form = text_form(f"SM{number:032}")
                answer = await hook(tonight, "/twilio/text", form, signed("/twilio/text", form, token=token))
                assert answer.status_code == 200
            bad = signed("/twilio/text", TEXT, token="one of last year")
            assert (await hook(tonight, "/twilio/text", TEXT, bad)).status_code == 403
        finally:
            tonight.browser._transport.app = old_app  # type: ignore[attr-defined]
            rotating.state.live.close()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"MessageSid": "SM1"}'),
        ("application/json", None),
        ("multipart/form-data; boundary=x", None),
        ("text/plain", None),
    ],
)
async def test_what_is_no_form_is_refused_even_when_signed(kind: str, body: bytes | None) -> None:
    async with house() as tonight:
        await refused(tonight, "/twilio/text", TEXT, None, body, {"Content-Type": kind})


async def test_json_whose_address_alone_is_signed_is_refused() -> None:
    """Checked as a form without fields, such a body could say anything."""
    async with house() as tonight:
        only_address = signed("/twilio/text", {})
        json = {"Content-Type": "application/json"}
        await refused(tonight, "/twilio/text", {}, only_address, b'{"From": "+15550100900"}', json)


async def test_endless_forms_are_refused() -> None:
    async with house() as tonight:
        await refused(tonight, "/twilio/text", TEXT | {"Body": "x" * 70_000})
        await refused(tonight, "/twilio/text", TEXT, None, b"a=1&" * 2000)
        await refused(tonight, "/twilio/text", TEXT, None, b"x" * 400_000)


async def test_several_wrong_signatures_in_a_minute_are_told_to_everybody_who_watches() -> None:
    async with house() as tonight:

        async def troubles() -> str:
            return str((await tonight.get("sam", "/api/board")).json()["service"]["troubles"])

        for _ in range(5):
            await hook(tonight, "/twilio/text", TEXT, "")  # unsigned: anybody's knock
        await hook(tonight, "/twilio/text", TEXT, "wrong")
        await hook(tonight, "/twilio/text", TEXT, "wrong")
        assert await troubles() == "[]"
        await hook(tonight, "/twilio/text", TEXT, "wrong")
        assert "signature" in await troubles()
        await tonight.clock.advance(61)
        assert await troubles() == "[]"
