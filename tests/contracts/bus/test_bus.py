"""The bell: this process hears at once, the others soon, and nobody ever waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import redis.asyncio

from crisis_hub.adapters.bus.redis_streams import RedisBus
from crisis_hub.adapters.clock import SystemClock
from crisis_hub.application.ports import Bus
from crisis_hub.domain.events import NoteWritten, Recorded
from crisis_hub.domain.vocabulary import PersonId
from tests.contracts.bus.conftest import Buses, Ear
from tests.servers import RedisServer

CANARY = "sparrowgrass-under-the-viaduct"


def fact(sequence: int) -> Recorded:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Recorded(sequence, "case-a", sequence, at, "ana", "", NoteWritten("n1", PersonId("ana"), CANARY))


async def test_this_process_has_heard_its_own_facts_before_ringing_returns(bus: Bus) -> None:
    ear = Ear(bus)
    await bus.ring([fact(1), fact(2)])
    assert ear.heard == [[fact(1), fact(2)]]


async def test_everybody_who_listens_hears_in_the_order_in_which_they_came(bus: Bus) -> None:
    order: list[str] = []
    bus.listen(lambda _: order.append("first"))
    bus.listen(lambda _: order.append("second"))
    await bus.ring([fact(1)])
    assert order == ["first", "second"]


async def test_who_stops_listening_hears_no_more(bus: Bus) -> None:
    ear, other = Ear(bus), Ear(bus)
    ear.stop()
    ear.stop()
    await bus.ring([fact(1)])
    assert (len(ear.heard), len(other.heard)) == (0, 1)


async def test_who_stops_while_hearing_does_not_disturb_the_others(bus: Bus) -> None:
    heard: list[int] = []

    def hear_once(_: Sequence[Recorded]) -> None:
        heard.append(1)
        stop()

    stop = bus.listen(hear_once)
    bus.listen(lambda _: heard.append(2))
    await bus.ring([fact(1)])
    await bus.ring([fact(2)])
    assert heard == [1, 2, 2]


async def test_a_listener_that_breaks_keeps_nobody_from_hearing_and_ringing_does_not_fail(
    bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: Sequence[Recorded]) -> None:
        raise ZeroDivisionError

    bus.listen(breaks)
    ear = Ear(bus)
    await bus.ring([fact(1)])
    assert len(ear.heard) == 1
    assert "a listener broke" in caplog.text


async def test_nothing_recorded_is_nothing_to_ring_for(bus: Bus) -> None:
    ear = Ear(bus)
    await bus.ring([])
    assert ear.heard == []


async def test_a_bus_that_works_has_no_trouble(bus: Bus) -> None:
    await bus.ring([fact(1)])
    assert bus.trouble() == ""


async def test_other_processes_hear_that_something_was_recorded_and_not_what(buses: Buses) -> None:
    one, other, third = await buses.another(), await buses.another(), await buses.another()
    ears = [Ear(other), Ear(third)]
    await one.ring([fact(1)])
    assert [await ear.hears() for ear in ears] == [(), ()]


async def test_a_process_does_not_hear_its_own_bell_twice(buses: Buses) -> None:
    one, other = await buses.another(), await buses.another()
    own, ear = Ear(one), Ear(other)
    for sequence in range(1, 21):
        await one.ring([fact(sequence)])
        await ear.hears()
    assert own.heard == [[fact(sequence)] for sequence in range(1, 21)]


async def test_a_process_that_starts_later_is_not_told_of_what_is_long_past(buses: Buses) -> None:
    one = await buses.another()
    witness = Ear(await buses.another())
    await one.ring([fact(1)])
    await witness.hears()
    late = Ear(await buses.another())
    await one.ring([fact(2)])
    await late.hears()
    assert len(late.heard) == 1


async def test_the_bell_says_nothing_private_and_does_not_grow_without_end(buses: Buses) -> None:
    one, other = await buses.another(), await buses.another()
    ear = Ear(other)
    for sequence in range(1, 1301):
        await one.ring([fact(sequence)])
        await ear.hears()
    async with redis.asyncio.Redis.from_url(buses.url) as client:
        said: Any = await client.xrange("crisis_hub:bell")
    assert len(said) < 1250
    assert set(said[-1][1]) == {b"from", b"sequence"}
    assert said[-1][1][b"sequence"] == b"1300"
    assert CANARY.encode() not in str(said).encode()


async def test_with_redis_gone_ringing_returns_at_once_and_this_process_hears(
    own_redis: RedisServer,
) -> None:
    bus = RedisBus(own_redis.url, SystemClock(), "p1")
    await bus.start()
    ear = Ear(bus)
    own_redis.stop()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for sequence in range(1, 101):
        await bus.ring([fact(sequence)])
    assert loop.time() - begun < 0.1
    assert len(ear.heard) == 100
    await bus.close()


async def test_when_redis_comes_back_the_bell_rings_again_and_the_trouble_is_over(
    own_redis: RedisServer,
) -> None:
    one, other = (RedisBus(own_redis.url, SystemClock(), name) for name in ("p1", "p2"))
    await one.start()
    await other.start()
    own_redis.stop()
    await one.ring([fact(1)])
    await _until(lambda: one.trouble() != "" and other.trouble() != "")
    assert one.trouble().startswith("Redis cannot be reached")
    ear = Ear(other)
    own_redis.start()
    assert await ear.hears() == ()  # told to look, since something may have been missed
    await _until(lambda: one.trouble() == "" and other.trouble() == "")
    await one.ring([fact(2)])
    assert await ear.hears() == ()
    await one.close()
    await other.close()


async def test_who_was_deaf_for_a_while_is_told_to_look_even_if_nobody_rings(own_redis: RedisServer) -> None:
    bus = RedisBus(own_redis.url, SystemClock(), "p1")
    await bus.start()
    ear = Ear(bus)
    own_redis.stop()
    await _until(lambda: bus.trouble() != "")
    own_redis.start()
    assert await ear.hears() == ()
    await bus.close()


async def test_a_process_that_starts_without_redis_starts_and_says_so(own_redis: RedisServer) -> None:
    own_redis.stop()
    bus = RedisBus(own_redis.url, SystemClock(), "p1")
    await bus.start()
    ear = Ear(bus)
    assert bus.trouble()
    await bus.ring([fact(1)])
    assert len(ear.heard) == 1
    own_redis.start()
    await _until(lambda: not bus.trouble())
    await bus.close()


async def test_a_bus_can_be_closed_twice_and_before_it_was_started(buses: Buses) -> None:
    bus = RedisBus(buses.url, SystemClock(), "p9")
    await bus.close()
    await bus.close()


async def _until(true: Callable[[], bool]) -> None:
    """Wait, on the real clock and for a bounded time, for what another task brings about."""
    clock = SystemClock()
    async with asyncio.timeout(10):
        while not true():
            await clock.sleep(0.01)
