"""The canary flies every few minutes, and whatever keeps it from coming back is said aloud."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.clock import let_everything_run
from crisis_hub.adapters.telephony.memory import Accepted, Asked
from crisis_hub.application.canary import CALL_CANARY, SEND_CANARY, Canary
from crisis_hub.application.errands import Errands
from crisis_hub.domain.events import CanaryAnswered, CanaryReleased
from crisis_hub.domain.vocabulary import Method
from tests.application.hands import ANA, World

NUMBER = "+15550100777"


class Nest:
    """One process with a canary."""

    def __init__(self, world: World, owner: str = "one") -> None:
        self.world = world
        bus = MemoryBus()
        flies = (world.ledger, bus, world.clock, world.ids, world.telephony, owner, NUMBER)
        self.canary, self.call = Canary(*flies), Canary(*flies, method=Method.VOICE)
        kinds = {SEND_CANARY: self.canary.send, CALL_CANARY: self.call.send}
        self.errands = Errands(world.ledger, bus, world.clock, kinds, owner)

    async def seconds(self, count: int, *, come_back: bool = True) -> None:
        """Let seconds pass; the number sends back what it gets."""
        for _ in range(count):
            before = len(self.world.telephony.accepted)
            await self.canary.round()
            await self.errands.sweep()
            await let_everything_run(20)
            for sent in self.world.telephony.accepted[before:] if come_back else ():
                assert await self.canary.heard(sent.to, sent.words)
            await self.world.clock.advance(1)

    async def facts(self) -> list[str]:
        return [type(one.fact).__name__ for one in await self.world.ledger.since(0)]


@asynccontextmanager
async def nest(world: World | None = None) -> AsyncIterator[Nest]:
    made = Nest(world or World())
    await made.canary.load()
    yield made
    await made.errands.close()


async def test_a_canary_flies_every_five_minutes_and_its_age_is_known() -> None:
    async with nest() as one:
        await one.seconds(601)

        assert await one.facts() == ["CanaryReleased", "CanaryAnswered"] * 3
        standing = one.canary.standing()
        assert standing is not None
        assert (standing.age_seconds, standing.late) == (1.0, False)
        assert one.canary.trouble() == ""


async def test_one_that_does_not_come_back_is_late_after_a_minute() -> None:
    async with nest() as one:
        await one.seconds(5)
        await one.seconds(300, come_back=False)
        assert one.canary.trouble() == ""
        await one.seconds(60, come_back=False)

        assert one.canary.trouble().startswith("The canary page is late (the last came back at 03:00 UTC)")


async def test_while_one_is_overdue_the_next_release_does_not_make_it_well() -> None:
    async with nest() as one:
        await one.seconds(330, come_back=False)
        assert "none came back yet" in one.canary.trouble()
        await one.seconds(300)

        assert one.canary.trouble() == ""  # the third came back


async def test_a_carrier_that_refuses_is_named() -> None:
    async with nest() as one:
        one.world.telephony.refuse("20003", "Authenticate", times=None)
        await one.seconds(62)

        assert "CanaryFailed" in await one.facts()
        assert one.canary.trouble().endswith("The carrier says: Authenticate (20003)")


async def test_a_busy_carrier_is_asked_again_but_not_for_ever() -> None:
    async with nest() as one:
        one.world.telephony.be_busy(1.0, times=20)
        await one.seconds(40)
        assert one.canary.trouble() == ""
        assert "CanaryAnswered" in await one.facts()

        one.world.telephony.be_busy(1.0, times=None)
        await one.seconds(330)
        assert "It did not leave within a minute." in one.canary.trouble()


async def test_when_none_is_released_at_all_that_is_late_too() -> None:
    """A watch that hangs releases nothing; silence must not look like calm."""
    async with nest() as one:
        await one.seconds(2)
        await one.world.clock.advance(11 * 60 + 1)

        assert "late" in one.canary.trouble()


async def test_of_two_processes_one_releases_and_both_know_it_came_back() -> None:
    world = World()
    async with nest(world) as one:
        other = Nest(world, "two")
        await other.canary.load()
        await one.canary.round()
        await other.canary.round()
        assert await one.facts() == ["CanaryReleased"]
        await one.errands.sweep()
        await let_everything_run(20)
        [sent] = world.telephony.sent_to(NUMBER)

        assert await other.canary.heard(NUMBER, sent.words)
        assert await one.canary.heard(NUMBER, sent.words)  # the carrier repeats itself
        assert await one.facts() == ["CanaryReleased", "CanaryAnswered"]
        await other.errands.close()


async def test_after_a_restart_it_goes_on_where_it_was() -> None:
    world = World()
    async with nest(world) as one:
        await one.seconds(100)
    async with nest(world) as again:
        await again.seconds(150)
        assert await again.facts() == ["CanaryReleased", "CanaryAnswered"]
        standing = again.canary.standing()
        assert standing is not None
        assert standing.age_seconds == 250.0


@pytest.mark.parametrize("words", ["", "hello", "Canary 00000000", "canary zzzzzzzz", "STOP"])
async def test_nothing_else_that_the_number_writes_counts_as_a_return(words: str) -> None:
    async with nest() as one:
        await one.seconds(1, come_back=False)

        assert await one.canary.heard(NUMBER, words)
        assert await one.facts() == ["CanaryReleased"]


async def test_a_text_from_anybody_else_is_not_the_canarys() -> None:
    async with nest() as one:
        await one.seconds(1, come_back=False)
        [sent] = one.world.telephony.sent_to(NUMBER)

        assert not await one.canary.heard(ANA, sent.words)
        assert not await one.canary.heard("", sent.words)
        assert await one.facts() == ["CanaryReleased"]


async def test_without_a_number_there_is_no_canary() -> None:
    world = World()
    canary = Canary(world.ledger, MemoryBus(), world.clock, world.ids, world.telephony, "one")
    await canary.load()
    await canary.round()

    assert await world.ledger.since(0) == []
    assert canary.standing() is None
    assert canary.trouble() == ""
    assert not await canary.heard("", "Canary 00000000")


async def test_a_night_across_midnight_keeps_its_canaries() -> None:
    """Each day has a stream of its own; what left before midnight comes back after it."""
    async with nest() as one:
        now = one.world.clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        await one.world.clock.advance((midnight - now).total_seconds() - 2)
        await one.seconds(1, come_back=False)
        [sent] = one.world.telephony.sent_to(NUMBER)
        await one.world.clock.advance(10)

        assert await one.canary.heard(NUMBER, sent.words)
        standing = one.canary.standing()
        assert standing is not None
        assert standing.late is False
        assert {type(x.fact) for x in await one.world.ledger.since(0)} == {CanaryReleased, CanaryAnswered}


# ------------------------------------------------------------------------------------------ by call


def code_of(placed: Accepted) -> str:
    """Return the code of a canary that was called."""
    return placed.words.rpartition("canary=")[2]


async def test_a_call_is_a_canary_of_its_own_and_neither_stands_for_the_other() -> None:
    async with nest() as one:
        await one.call.round()
        await one.seconds(70)
        [called] = one.world.telephony.sent_to(NUMBER, Asked.CALL)

        assert one.canary.trouble() == "", "the text came back"
        assert one.call.trouble().startswith("The canary call is late (none came back yet)")
        await one.call.came_back(code_of(called))
        standing = one.call.standing()
        assert standing is not None
        assert (standing.age_seconds, standing.late, one.call.trouble()) == (0, False, "")


async def test_a_text_does_not_bring_back_a_call_nor_a_call_a_text() -> None:
    async with nest() as one:
        await one.call.round()
        await one.seconds(1, come_back=False)
        [called] = one.world.telephony.sent_to(NUMBER, Asked.CALL)
        [texted] = one.world.telephony.sent_to(NUMBER, Asked.TEXT)
        found = re.search(r"Canary (\w+)", texted.words)
        assert found

        await one.canary.heard(NUMBER, f"Canary {code_of(called)}")
        await one.call.came_back(found[1])
        await one.call.came_back("")

        assert "CanaryAnswered" not in await one.facts()


async def test_after_a_restart_calls_go_on_where_they_were() -> None:
    world = World()
    async with nest(world) as one:
        await one.call.round()
        await one.seconds(1)
        await one.call.came_back(code_of(world.telephony.sent_to(NUMBER, Asked.CALL)[0]))
    async with nest(world) as again:
        await again.call.load()
        await again.call.round()
        standing = again.call.standing()
        assert standing is not None
        assert standing.answered_at is not None
        assert len(world.telephony.sent_to(NUMBER, Asked.CALL)) == 1
