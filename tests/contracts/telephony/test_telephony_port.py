"""What every maker of the telephony port keeps: the twin, and Twilio's library against the simulated carrier."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Protocol, TypeVar

import pytest

from crisis_hub.adapters.clock import HandClock, SystemClock
from crisis_hub.adapters.ids import CountedIds, RandomIds
from crisis_hub.adapters.telephony.memory import MemoryTelephony
from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID, AUTH_TOKEN, Carrier, FaultKind, Person, served
from crisis_hub.adapters.telephony.twilio_adapter import TwilioTelephony
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, Clock, OutcomeUnknown, Telephony
from crisis_hub.domain.vocabulary import CarrierId
from tests.contracts.telephony.world import LINE, PUBLIC_URL, World, world

ANA = "+15550100001"
BEN = "+15550100002"

T = TypeVar("T")


class Maker(Protocol):
    """One maker of the port, and how to make things go wrong behind it."""

    @property
    def telephony(self) -> Telephony:
        """What is tested."""

    @property
    def clock(self) -> Clock:
        """The clock it lives by."""

    async def asks(self, asking: Awaitable[T]) -> T:
        """Wait for an answer, and let time pass where it would."""

    def be_busy(self) -> None:
        """Take nothing the next time."""

    def fall_silent(self, accepted: bool) -> None:
        """Answer nothing the next time."""


@dataclass
class Twin:
    telephony: MemoryTelephony
    clock: HandClock

    async def asks(self, asking: Awaitable[T]) -> T:
        return await asking

    def be_busy(self) -> None:
        self.telephony.be_busy(7.0)

    def fall_silent(self, accepted: bool) -> None:
        self.telephony.fall_silent(accepted=accepted)


@dataclass
class InProcess:
    telephony: TwilioTelephony
    clock: HandClock
    carrier: Carrier
    world: World

    async def asks(self, asking: Awaitable[T]) -> T:
        return await self.world.asks(asking)

    def be_busy(self) -> None:
        self.carrier.faults.switch_on(FaultKind.REST_429, count=1, seconds=7)

    def fall_silent(self, accepted: bool) -> None:
        kind = FaultKind.REST_SILENT_AFTER if accepted else FaultKind.REST_SILENT_BEFORE
        self.carrier.faults.switch_on(kind, count=1)


@dataclass
class OverSockets:
    telephony: TwilioTelephony
    clock: SystemClock
    carrier: Carrier

    async def asks(self, asking: Awaitable[T]) -> T:
        return await asking

    def be_busy(self) -> None:
        self.carrier.faults.switch_on(FaultKind.REST_503, count=1, seconds=7)

    def fall_silent(self, accepted: bool) -> None:
        kind = FaultKind.REST_SILENT_AFTER if accepted else FaultKind.REST_SILENT_BEFORE
        self.carrier.faults.switch_on(kind, count=1, seconds=2)


@pytest.fixture(params=["twin", "in process", "over sockets"])
async def maker(request: pytest.FixtureRequest) -> AsyncIterator[Maker]:
    if request.param == "twin":
        clock = HandClock()
        yield Twin(MemoryTelephony(clock, CountedIds()), clock)
    elif request.param == "in process":
        async with world() as made:
            made.carrier.phone(ANA, Person(answers_after=1.0))
            yield InProcess(made.telephony, made.clock, made.carrier, made)
    else:
        system = SystemClock()
        carrier = Carrier(system, RandomIds(system))
        carrier.rent(LINE, PUBLIC_URL)
        # Nobody listens at the public address here; progress is simply lost.
        carrier.faults.switch_on(FaultKind.WEBHOOK_LOST)
        async with served(carrier.app) as address:
            telephony = TwilioTelephony(
                account_sid=ACCOUNT_SID,
                auth_token=AUTH_TOKEN,
                number=LINE,
                public_url=PUBLIC_URL,
                clock=system,
                api_url=address,
                patience=0.3,
            )
            yield OverSockets(telephony, system, carrier)
            await telephony.aclose()


async def bodies(maker: Maker, to: str) -> list[str]:
    since = maker.clock.now() - timedelta(minutes=5)
    return [text.body for text in await maker.asks(maker.telephony.find_texts(to, since))]


async def test_a_sent_text_is_found_with_its_words(maker: Maker) -> None:
    sid = await maker.asks(maker.telephony.send_text(ANA, "Case 41 ¿? 💙 a+b&c=d", "/twilio/text/status"))

    found = await maker.asks(maker.telephony.find_texts(ANA, maker.clock.now() - timedelta(minutes=1)))

    assert [(text.carrier_id, text.to, text.body) for text in found] == [(sid, ANA, "Case 41 ¿? 💙 a+b&c=d")]
    assert found[0].at.tzinfo is not None


async def test_texts_are_found_newest_first_and_only_those_to_that_number(maker: Maker) -> None:
    for to, body in [(ANA, "one"), (BEN, "for Ben"), (ANA, "two")]:
        await maker.asks(maker.telephony.send_text(to, body, "/s"))

    assert sorted(await bodies(maker, ANA)) == ["one", "two"]
    assert await bodies(maker, BEN) == ["for Ben"]


async def test_what_was_sent_before_is_not_found_whatever_the_zone_of_the_question(maker: Maker) -> None:
    await maker.asks(maker.telephony.send_text(ANA, "old", "/s"))
    chicago = timezone(timedelta(hours=-6))

    later = (maker.clock.now() + timedelta(minutes=2)).astimezone(chicago)
    before = (maker.clock.now() - timedelta(minutes=2)).astimezone(chicago)

    assert not await maker.asks(maker.telephony.find_texts(ANA, later))
    assert len(await maker.asks(maker.telephony.find_texts(ANA, before))) == 1


async def test_two_equal_texts_are_two_texts(maker: Maker) -> None:
    first = await maker.asks(maker.telephony.send_text(ANA, "page", "/s"))
    second = await maker.asks(maker.telephony.send_text(ANA, "page", "/s"))

    assert first != second
    assert await bodies(maker, ANA) == ["page", "page"]


@pytest.mark.parametrize("number", ["", "555", "+1 555 010 0001", "ana", "+15550100001;ext=1"])
async def test_a_number_that_is_none_is_refused(maker: Maker, number: str) -> None:
    with pytest.raises(CarrierRefused) as refused:
        await maker.asks(maker.telephony.send_text(number or "x", "hello", "/s"))

    assert refused.value.code == "21211"
    with pytest.raises(CarrierRefused):
        await maker.asks(maker.telephony.place_call(number or "x", "/answer", "/s"))


@pytest.mark.parametrize(("body", "code"), [("", "21602"), ("x" * 1601, "21617")])
async def test_a_text_without_words_or_with_too_many_is_refused(maker: Maker, body: str, code: str) -> None:
    with pytest.raises(CarrierRefused) as refused:
        await maker.asks(maker.telephony.send_text(ANA, body, "/s"))

    assert refused.value.code == code


async def test_a_busy_carrier_took_nothing_and_says_when_to_ask_again(maker: Maker) -> None:
    maker.be_busy()

    with pytest.raises(CarrierBusy) as busy:
        await maker.asks(maker.telephony.send_text(ANA, "page", "/s"))

    assert busy.value.retry_after == 7.0
    assert await bodies(maker, ANA) == []


@pytest.mark.parametrize("accepted", [True, False])
async def test_silence_leaves_the_outcome_open_and_the_list_settles_it(maker: Maker, accepted: bool) -> None:
    maker.fall_silent(accepted)

    with pytest.raises(OutcomeUnknown):
        await maker.asks(maker.telephony.send_text(ANA, "page", "/s"))

    assert await bodies(maker, ANA) == (["page"] if accepted else [])


async def test_a_call_can_be_ended_twice(maker: Maker) -> None:
    call = await maker.asks(maker.telephony.place_call(ANA, "/answer", "/s"))

    await maker.asks(maker.telephony.end_call(call))
    await maker.asks(maker.telephony.end_call(call))

    assert call.startswith("CA")


async def test_a_call_that_is_over_cannot_be_moved(maker: Maker) -> None:
    call = await maker.asks(maker.telephony.ring_into_room(ANA, "room-1", "/s"))
    await maker.asks(maker.telephony.end_call(call))

    with pytest.raises(CarrierRefused) as refused:
        await maker.asks(maker.telephony.move_call(call, "/elsewhere"))

    assert refused.value.code == "21220"


async def test_a_call_that_never_was_is_not_quietly_ended(maker: Maker) -> None:
    with pytest.raises(CarrierRefused) as refused:
        await maker.asks(maker.telephony.end_call(CarrierId("CA" + "0" * 32)))

    assert refused.value.code == "20404"


async def test_a_placed_call_is_found_and_only_those_to_that_number(maker: Maker) -> None:
    """A call that nobody heard of is looked up here before it is placed again."""
    sid = await maker.asks(maker.telephony.place_call(ANA, "/answer", "/s"))
    await maker.asks(maker.telephony.place_call(BEN, "/answer", "/s"))

    [found] = await maker.asks(maker.telephony.find_calls(ANA, maker.clock.now() - timedelta(minutes=1)))

    assert (found.carrier_id, found.to, found.at.tzinfo is not None) == (sid, ANA, True)
    assert not await maker.asks(maker.telephony.find_calls(ANA, maker.clock.now() + timedelta(minutes=2)))


async def test_a_call_that_never_rang_up_is_found_too(maker: Maker) -> None:
    """It has no time at which it was answered; the time at which it was ordered counts."""
    sid = await maker.asks(maker.telephony.place_call(BEN, "/answer", "/s"))
    await maker.asks(maker.telephony.end_call(sid))

    found = await maker.asks(maker.telephony.find_calls(BEN, maker.clock.now() - timedelta(minutes=1)))

    assert [call.carrier_id for call in found] == [sid]


@pytest.mark.parametrize("accepted", [True, False])
async def test_silence_on_a_call_leaves_the_outcome_open_and_the_list_settles_it(maker: Maker, accepted: bool) -> None:
    since = maker.clock.now() - timedelta(seconds=5)
    maker.fall_silent(accepted)

    with pytest.raises(OutcomeUnknown):
        await maker.asks(maker.telephony.place_call(BEN, "/answer", "/s"))

    assert len(await maker.asks(maker.telephony.find_calls(BEN, since))) == (1 if accepted else 0)


async def test_how_far_a_text_or_a_call_got_can_be_asked(maker: Maker) -> None:
    text = await maker.asks(maker.telephony.send_text(BEN, "page", "/s"))
    call = await maker.asks(maker.telephony.place_call(BEN, "/answer", "/s"))

    assert (await maker.asks(maker.telephony.text_state(text))).state in {"queued", "sent", "delivered"}
    assert (await maker.asks(maker.telephony.call_state(call))).state in {"queued", "ringing"}
    await maker.asks(maker.telephony.end_call(call))
    assert (await maker.asks(maker.telephony.call_state(call))).state in {"canceled", "completed"}


async def test_nothing_is_known_of_what_never_was(maker: Maker) -> None:
    for asking in (
        maker.telephony.text_state(CarrierId("SM" + "0" * 32)),
        maker.telephony.call_state(CarrierId("CA" + "0" * 32)),
    ):
        with pytest.raises(CarrierRefused) as refused:
            await maker.asks(asking)
        assert refused.value.code == "20404"


async def test_a_silent_carrier_says_nothing_about_progress_either(maker: Maker) -> None:
    text = await maker.asks(maker.telephony.send_text(BEN, "page", "/s"))
    maker.fall_silent(accepted=False)

    with pytest.raises(OutcomeUnknown):
        await maker.asks(maker.telephony.text_state(text))
