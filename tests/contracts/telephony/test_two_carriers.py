"""A carrier that does not answer is left alone, and a second one carries pages in the same breath."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from crisis_hub.adapters.clock import HandClock, let_everything_run
from crisis_hub.adapters.ids import CountedIds
from crisis_hub.adapters.telephony.breaker import Guarded
from crisis_hub.adapters.telephony.memory import MemoryTelephony
from crisis_hub.adapters.telephony.two_carriers import TwoCarriers
from crisis_hub.application.ports import CarrierBusy, CarrierRefused, OutcomeUnknown
from crisis_hub.domain.vocabulary import CarrierId

ANA = "+15550100001"


class Pair:
    """Two twins, each behind a breaker."""

    def __init__(self, most_failures: int = 2) -> None:
        self.clock = HandClock()
        ids = CountedIds()
        self.one, self.two = MemoryTelephony(self.clock, ids), MemoryTelephony(self.clock, ids)
        self.first = Guarded(self.one, self.clock, most_failures=most_failures, pause_seconds=15)
        self.second = Guarded(self.two, self.clock, most_failures=most_failures, pause_seconds=15)
        self.both = TwoCarriers(self.first, self.second)


async def test_what_the_first_surely_did_not_take_goes_out_by_the_second_at_once() -> None:
    pair = Pair()
    pair.one.be_busy(30.0)

    sid = await pair.both.send_text(ANA, "page", "/s")

    assert [text.carrier_id for text in pair.two.sent_to(ANA)] == [sid]
    assert pair.one.accepted == []


@pytest.mark.parametrize("code", ["20003", "20005", "21606", "401"])
async def test_an_account_that_is_shut_out_is_no_reason_to_lose_a_page(code: str) -> None:
    pair = Pair()
    pair.one.refuse(code, "not with this account", times=None)

    await pair.both.place_call(ANA, "/answer", "/s")

    assert len(pair.two.accepted) == 1


@pytest.mark.parametrize("code", ["21610", "21211", "21614"])
async def test_a_number_that_cannot_be_reached_is_refused_once_and_not_by_two(code: str) -> None:
    """Whoever opted out of our texts opted out: the second number is no way around that."""
    pair = Pair()
    pair.one.refuse(code, "not this number")

    with pytest.raises(CarrierRefused):
        await pair.both.send_text(ANA, "page", "/s")

    assert pair.two.accepted == []


async def test_what_the_first_may_have_taken_is_not_sent_by_the_second_unasked() -> None:
    """Whoever asked looks it up first, and asks again."""
    pair = Pair()
    pair.one.fall_silent(accepted=True)

    with pytest.raises(OutcomeUnknown):
        await pair.both.send_text(ANA, "page", "/s")

    assert pair.two.accepted == []
    assert len(await pair.both.find_texts(ANA, pair.clock.now() - timedelta(minutes=1))) == 1


async def test_a_silent_carrier_is_left_alone_for_a_while_and_then_tried_by_one() -> None:
    pair = Pair()
    pair.one.fall_silent(accepted=False, times=None)
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            await pair.both.send_text(ANA, "page", "/s")

    await pair.both.send_text(ANA, "page", "/s")
    assert len(pair.two.accepted) == 1
    assert "pages go out by the second" in pair.both.trouble()

    pair.one.mend()
    await pair.both.send_text(ANA, "page", "/s")
    assert pair.one.accepted == []  # still left alone

    await pair.clock.advance(16)
    await pair.both.send_text(ANA, "page", "/s")
    assert len(pair.one.accepted) == 1
    assert pair.both.trouble() == ""


async def test_only_one_request_sees_whether_the_carrier_is_back() -> None:
    clock = HandClock()
    gate, asked = asyncio.Event(), list[str]()

    class Slow(MemoryTelephony):
        async def place_call(self, to: str, answer_path: str, status_path: str) -> CarrierId:
            asked.append(to)
            await gate.wait()
            return await super().place_call(to, answer_path, status_path)

    twin = Slow(clock, CountedIds())
    guarded = Guarded(twin, clock, most_failures=1, pause_seconds=1)
    twin.fall_silent(accepted=False)
    with pytest.raises(OutcomeUnknown):
        await guarded.send_text(ANA, "page", "/s")
    await clock.advance(1.5)

    probe = asyncio.create_task(guarded.place_call(ANA, "/a", "/s"))
    await let_everything_run()
    with pytest.raises(CarrierBusy):
        await guarded.place_call(ANA, "/a", "/s")
    gate.set()
    await probe

    assert asked == [ANA]
    await guarded.place_call(ANA, "/a", "/s")


async def test_a_carrier_that_asks_us_to_go_slower_is_not_left_alone() -> None:
    """A rate limit is no outage: an imminent page must not wait because others were too many."""
    clock = HandClock()
    twin = MemoryTelephony(clock, CountedIds())
    guarded = Guarded(twin, clock, most_failures=2, pause_seconds=60)
    twin.be_busy(1.0, times=5, down=False)
    for _ in range(5):
        with pytest.raises(CarrierBusy):
            await guarded.send_text(ANA, "page", "/s")

    await guarded.send_text(ANA, "page", "/s")

    assert guarded.trouble() == ""


async def test_with_both_gone_it_says_so_and_when_to_ask_again() -> None:
    pair = Pair(most_failures=1)
    pair.one.be_busy(9.0, times=None)
    pair.two.be_busy(3.0, times=None)

    with pytest.raises(CarrierBusy) as busy:
        await pair.both.send_text(ANA, "page", "/s")

    assert busy.value.retry_after == 3.0
    assert "Neither carrier" in pair.both.trouble()


async def test_a_call_is_ended_and_asked_about_where_it_is() -> None:
    pair = Pair()
    pair.one.be_busy(1.0)
    call = await pair.both.place_call(ANA, "/a", "/s")

    assert (await pair.both.call_state(call)).state == "ringing"
    await pair.both.end_call(call)

    assert (await pair.both.call_state(call)).state == "completed"
    assert [one.carrier_id for one in await pair.both.find_calls(ANA, pair.clock.now())] == [call]


async def test_a_list_of_only_one_carrier_is_not_the_whole_list() -> None:
    """ "Not found" must never be said while somebody who may hold it cannot be asked."""
    pair = Pair()
    pair.two.fall_silent(accepted=False)

    with pytest.raises(OutcomeUnknown):
        await pair.both.find_texts(ANA, pair.clock.now())


async def test_people_are_rung_into_a_room_only_where_the_room_is() -> None:
    pair = Pair()
    pair.one.be_busy(1.0)

    with pytest.raises(CarrierBusy):
        await pair.both.ring_into_room(ANA, "room", "/s")

    assert pair.two.accepted == []


@pytest.mark.parametrize("trouble", ["busy", "silent", "shut out"])
async def test_what_the_second_carries_is_asked_of_the_second_while_the_first_is_down(trouble: str) -> None:
    """Pages went out by the second because the first is down: how they fared must not wait for the first."""
    pair = Pair(most_failures=99)
    call = await pair.second.place_call(ANA, "/answer", "/s")
    text = await pair.second.send_text(ANA, "page", "/s")
    if trouble == "busy":
        pair.one.be_busy(9.0, times=None)
    elif trouble == "silent":
        pair.one.fall_silent(accepted=False, times=None)
    else:
        pair.one.refuse("20003", "not with this account", times=None)

    assert (await pair.both.call_state(call)).state == "ringing"
    assert (await pair.both.text_state(text)).state == "sent"


async def test_what_the_second_does_not_know_may_still_be_at_the_first() -> None:
    """While the first does not answer, nobody can say that it was lost."""
    pair = Pair(most_failures=99)
    call = await pair.first.place_call(ANA, "/answer", "/s")
    pair.one.be_busy(9.0, times=None)

    with pytest.raises(CarrierBusy):
        await pair.both.call_state(call)
