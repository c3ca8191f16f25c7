"""Everything that can go wrong at the carrier can be ordered, strikes as ordered, and is counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.responses import Response
from twilio.request_validator import RequestValidator

from crisis_hub.adapters.telephony.simulator import Account, Fault, FaultKind, Faults, Pace, Person, Seeded
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, OutcomeUnknown
from tests.contracts.telephony.world import LINE, PUBLIC_URL, World, twiml, world


@pytest.fixture
async def w() -> AsyncIterator[World]:
    async with world() as made:
        yield made


async def page(w: World, last_digits: str = "01", body: str = "Case 7") -> str:
    phone = w.phone(last_digits)
    return await w.asks(w.telephony.send_text(phone.number, body, "/progress"))


# ---------------------------------------------------------------- webhooks


async def test_a_lost_callback_never_comes(w: World) -> None:
    w.carrier.faults.switch_on("webhook_lost", count=1, only="/progress")

    await page(w)
    await w.clock.advance(5)

    assert w.hub.told("/progress", "MessageStatus") == ["delivered"]
    assert w.carrier.faults.struck == {"webhook_lost": 1}


@pytest.mark.parametrize("seconds", [0.0, 30.0])
async def test_a_doubled_callback_comes_as_often_as_ordered_with_the_same_token(w: World, seconds: float) -> None:
    w.carrier.faults.switch_on("webhook_doubled", count=1, times=5, seconds=seconds)

    await page(w)
    await w.clock.advance(60)

    sent = [one for one in w.hub.on("/progress") if one["MessageStatus"] == "sent"]
    assert len(sent) == 5
    assert len({one.headers["i-twilio-idempotency-token"] for one in sent}) == 1
    assert all(one.signed for one in sent)


async def test_a_late_callback_comes_after_later_ones(w: World) -> None:
    w.carrier.faults.switch_on("webhook_late", count=1, seconds=4 * 3600)

    await page(w)
    await w.clock.advance(3600)
    first = w.hub.told("/progress", "MessageStatus")
    await w.clock.advance(4 * 3600)

    assert (first, w.hub.told("/progress", "MessageStatus")) == (["delivered"], ["delivered", "sent"])


async def test_a_reordered_callback_is_overtaken_by_the_next_one_only(w: World) -> None:
    w.hub.answers["/menu"] = twiml("<Pause/>")
    w.carrier.faults.switch_on("webhook_reordered", count=1)
    phone = w.phone("01", Person(answers_after=1.0))

    await w.asks(w.telephony.place_call(phone.number, "/menu", "/progress"))
    await w.clock.advance(10)

    assert w.hub.told("/progress", "CallStatus")[:3] == ["in-progress", "initiated", "completed"]


async def test_a_reordered_callback_that_nothing_follows_comes_all_the_same(w: World) -> None:
    await page(w)
    await w.clock.advance(0.2)
    w.carrier.faults.switch_on("webhook_reordered", count=1)
    await w.clock.advance(10)

    assert w.hub.told("/progress", "MessageStatus") == ["sent", "delivered"]


@pytest.mark.parametrize("kind", [FaultKind.WEBHOOK_UNSIGNED, FaultKind.WEBHOOK_WRONGLY_SIGNED])
async def test_forged_webhooks_do_not_pass_the_stock_validator(w: World, kind: FaultKind) -> None:
    w.carrier.faults.switch_on(kind, count=1)

    await page(w)
    await w.clock.advance(5)

    assert [one.signed for one in w.hub.asked] == [False, True]


async def test_a_second_token_signs_while_tokens_are_rotated() -> None:
    async with world(Account(second_token="second")) as w:
        w.carrier.faults.switch_on("webhook_second_token", count=1)

        await page(w)
        await w.clock.advance(5)

        first = w.hub.asked[0]
        signature = first.headers["x-twilio-signature"]
        assert not first.signed
        assert RequestValidator("second").validate(PUBLIC_URL + first.path, first.form, signature)


async def test_an_incoming_text_whose_webhook_is_lost_is_gone_but_the_carrier_lists_it(w: World) -> None:
    w.carrier.faults.switch_on("webhook_lost", count=1)

    message = w.phone("02").text("help me")
    await w.clock.advance(60)

    assert w.hub.on("/twilio/text") == []
    assert w.carrier.exchange.messages[message.sid].status == "received"


async def test_an_incoming_text_that_we_refuse_is_not_brought_again_but_meets_the_fallback(w: World) -> None:
    w.carrier.exchange.numbers[LINE].text_fallback_url = PUBLIC_URL + "/fallback"
    w.hub.answers |= {
        "/twilio/text": Response(status_code=503),
        "/fallback": twiml("<Message>Please call 9 8 8</Message>"),
    }
    phone = w.phone("02")

    phone.text("help me")
    await w.clock.advance(60)

    assert len(w.hub.on("/twilio/text")) == 1
    assert w.hub.told("/fallback", "ErrorCode") == ["11200"]
    phone.expect_text("9 8 8")


# ---------------------------------------------------------------- the REST API


@pytest.mark.parametrize(
    ("kind", "error", "accepted"),
    [
        (FaultKind.REST_429, CarrierBusy, False),
        (FaultKind.REST_503, CarrierBusy, False),
        (FaultKind.REST_500, OutcomeUnknown, False),
        (FaultKind.REST_500_AFTER, OutcomeUnknown, True),
        (FaultKind.REST_SILENT_BEFORE, OutcomeUnknown, False),
        (FaultKind.REST_SILENT_AFTER, OutcomeUnknown, True),
        (FaultKind.TEXT_REFUSED, CarrierRefused, False),
    ],
)
async def test_what_goes_wrong_before_or_after_accepting(
    w: World, kind: FaultKind, error: type[Exception], accepted: bool
) -> None:
    w.carrier.faults.switch_on(kind, count=1)

    with pytest.raises(error):
        await page(w)
    await w.clock.advance(90)

    assert len(w.phone("01").texts) == (1 if accepted else 0)


async def test_latency_is_as_ordered(w: World) -> None:
    w.carrier.faults.switch_on("rest_latency", seconds=2.0)
    before = w.clock.now()

    await page(w)

    assert timedelta(seconds=2) <= w.clock.now() - before < timedelta(seconds=4)


async def test_a_lagging_list_hides_what_is_new(w: World) -> None:
    w.carrier.faults.switch_on("list_lags", seconds=30)
    since = w.clock.now()

    await page(w)
    hidden = await w.asks(w.telephony.find_texts("+15550100001", since))
    await w.clock.advance(31)
    shown = await w.asks(w.telephony.find_texts("+15550100001", since))

    assert (len(hidden), len(shown)) == (0, 1)


# ---------------------------------------------------------------- networks and phones


@pytest.mark.parametrize("code", [30003, 30005, 30006, 30007, 30008, 30034])
async def test_a_text_that_does_not_arrive_says_why(w: World, code: int) -> None:
    w.carrier.faults.switch_on("text_undelivered", code=code)

    await page(w)
    await w.clock.advance(5)

    assert w.hub.told("/progress", "MessageStatus") == ["sent", "undelivered"]
    assert w.hub.on("/progress")[-1]["ErrorCode"] == str(code)
    assert w.phone("01").texts == []


async def test_a_text_may_arrive_without_any_receipt(w: World) -> None:
    w.carrier.faults.switch_on("text_unconfirmed")

    await page(w)
    await w.clock.advance(600)

    assert w.hub.told("/progress", "MessageStatus") == ["sent"]
    w.phone("01").expect_text("Case 7")


async def test_a_call_may_fail_at_once(w: World) -> None:
    w.carrier.faults.switch_on("call_fails", only="0001")

    await w.asks(w.telephony.place_call("+15550100001", "/menu", "/progress"))
    await w.clock.advance(5)

    assert w.hub.told("/progress", "CallStatus") == ["initiated", "failed"]
    assert w.phone("01").calls == []


# ---------------------------------------------------------------- how faults are ordered


def test_a_fault_strikes_where_it_is_meant_and_as_often_as_ordered() -> None:
    faults = Faults(Seeded(1))
    faults.switch_on("webhook_lost", count=2, only="/text")

    struck = [bool(faults.strikes(FaultKind.WEBHOOK_LOST, path)) for path in ["/voice", "/text", "/text", "/text"]]

    assert struck == [False, True, True, False]
    assert faults.active() == []


def test_chance_is_fair_and_the_same_for_the_same_seed() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults(Seeded(seed))
        faults.switch_on("webhook_lost", probability=0.3)
        return [faults.strikes(FaultKind.WEBHOOK_LOST) is not None for _ in range(2000)]

    assert run(7) == run(7) != run(8)
    assert 500 < sum(run(7)) < 700


def test_faults_can_be_switched_off_one_kind_or_all() -> None:
    faults = Faults(Seeded(1))
    for kind in ("webhook_lost", "rest_500", "rest_429"):
        faults.switch_on(kind)

    faults.switch_off("rest_500")
    assert [fault.kind for fault in faults.active()] == ["webhook_lost", "rest_429"]
    faults.switch_off()
    assert faults.active() == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "rain"},
        {"kind": "rest_500", "when": 1},
        {"kind": "rest_500", "probability": 2},
        {"kind": "rest_500", "seconds": -1},
    ],
)
def test_a_fault_that_cannot_be_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"fault|FaultKind"):
        Fault.read(data)


async def test_two_nights_with_the_same_seed_are_the_same_night() -> None:
    async def night() -> list[tuple[str, str]]:
        async with world(pace=Pace()) as w:
            w.carrier.faults.switch_on("webhook_lost", probability=0.3)
            w.carrier.faults.switch_on("webhook_late", probability=0.3, seconds=20)
            w.carrier.faults.switch_on("text_undelivered", probability=0.2)
            for number in range(10):
                await page(w, "01", f"Case {number}")
                await w.clock.advance(7)
            await w.clock.advance(100)
            return [(one["MessageSid"], one["MessageStatus"]) for one in w.hub.asked]

    first = await night()
    assert first == await night()
    assert 5 < len(first) < 20
