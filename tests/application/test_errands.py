"""What was planned is done: once if all goes well, again if it does not, by somebody else if its worker is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from crisis_hub.adapters.bus.memory import MemoryBus
from crisis_hub.adapters.clock import let_everything_run
from crisis_hub.adapters.telephony.http_client import MOST_AT_ONCE
from crisis_hub.application.errands import LANES, LEASE_SECONDS, Errands, Lane
from crisis_hub.application.ports import EVERY_PRIORITY, Claimed, Effect, Entry, Settled, Settlement, StoreUnavailable
from crisis_hub.domain.errors import NotFound
from tests.application.hands import World

Doing = Callable[[Claimed], Awaitable[None]]


class Bench:
    """A worker with one kind of errand."""

    def __init__(self, world: World, doing: Doing, owner: str = "one") -> None:
        self.world, self.owner = world, owner
        self.bus = MemoryBus()
        self.errands = Errands(world.ledger, self.bus, world.clock, {"it": doing}, owner)

    async def plan(self, *names: str, priority: int = 5, after: int = 0) -> None:
        now = self.world.clock.now()
        effects = tuple(
            Effect(name, "s", "it", name, now.replace(minute=now.minute + after), priority) for name in names
        )
        await self.world.ledger.append(Entry(f"s-{names}", 0, (), now, "test", effects=effects))

    async def settle(self, name: str) -> None:
        await self.world.ledger.settle(Settled(name, self.owner, Settlement.CONFIRMED))

    async def sweep(self) -> None:
        await self.errands.sweep()
        await let_everything_run()


def counting(bench: list[Bench], done: list[str], *, trouble: Exception | None = None, times: int = 1) -> Doing:
    """Do an errand, after failing so many times."""

    async def do(claimed: Claimed) -> None:
        done.append(claimed.effect.key)
        if trouble is not None and len(done) <= times:
            raise trouble
        await bench[0].settle(claimed.effect.key)

    return do


async def test_an_errand_is_done_once_however_often_the_bell_rings() -> None:
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done)))
    await bench[0].plan("a")
    for _ in range(3):
        await bench[0].sweep()
        await world.clock.advance(60)

    assert done == ["a"]


async def test_the_most_urgent_is_begun_first() -> None:
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done)))
    await bench[0].plan("text")
    await bench[0].plan("imminent", priority=0)
    await bench[0].plan("high", priority=1)
    await bench[0].sweep()

    assert done == ["imminent", "high", "text"]


async def test_what_is_for_later_waits() -> None:
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done)))
    await bench[0].plan("later", after=1)
    await bench[0].sweep()
    assert done == []
    await world.clock.advance(60)
    await bench[0].sweep()

    assert done == ["later"]


@pytest.mark.parametrize("trouble", [RuntimeError("a bug"), NotFound("There is no such case.")])
async def test_an_errand_that_fails_is_tried_again_and_the_log_says_so(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A failed page that is only a line in a log is a page that nobody got."""
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done, trouble=trouble, times=2)))
    await bench[0].plan("a")
    for _ in range(4):
        await bench[0].sweep()
        await world.clock.advance(2)

    assert done == ["a", "a", "a"]
    assert [record.levelno for record in caplog.records if record.levelno >= logging.WARNING] != []


async def test_one_that_fails_does_not_keep_the_others_from_being_done() -> None:
    world, done = World(), list[str]()

    async def do(claimed: Claimed) -> None:
        done.append(claimed.effect.key)
        if claimed.effect.key == "bad":
            raise RuntimeError("a bug")

    bench = Bench(world, do)
    await bench.plan("bad", priority=0)
    await bench.plan("good")
    await bench.sweep()

    assert sorted(done) == ["bad", "good"]


async def test_while_the_ledger_is_gone_the_lease_runs_out_and_the_errand_is_taken_again() -> None:
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done, trouble=StoreUnavailable("The database is gone."), times=1)))
    await bench[0].plan("a")
    await bench[0].sweep()
    assert bench[0].errands.trouble == "The database is gone."
    await world.clock.advance(LEASE_SECONDS + 1)
    await bench[0].sweep()

    assert done == ["a", "a"]


async def test_an_errand_whose_worker_died_is_taken_over_by_another() -> None:
    """Killed between taking it and doing it: nobody else remembers, only the row does."""
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done), "two"))
    await bench[0].plan("a")
    [claimed] = await world.ledger.claim_effects(world.clock.now(), "dead", LEASE_SECONDS, 1)
    await bench[0].sweep()
    assert done == []
    await world.clock.advance(LEASE_SECONDS)
    await bench[0].sweep()

    assert done == ["a"]
    assert claimed.tries == 1


async def test_two_workers_never_hold_the_same_errand() -> None:
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done)))
    other = Bench(world, counting(bench, done), "two")
    await bench[0].plan(*(f"e{n}" for n in range(200)))
    await asyncio.gather(*(one.errands.sweep() for one in (bench[0], other)))
    await let_everything_run()
    for _ in range(5):
        await bench[0].sweep()
        await other.sweep()

    assert sorted(done) == sorted({f"e{n}" for n in range(200)})


async def test_looking_for_work_goes_on_whatever_went_wrong_before(caplog: pytest.LogCaptureFixture) -> None:
    """A worker that stops quietly is a night without pages."""
    world, done, bench = World(), list[str](), list[Bench]()
    bench.append(Bench(world, counting(bench, done)))
    await bench[0].plan("a")
    errands = bench[0].errands
    errands.start()
    for trouble in (StoreUnavailable("gone"), OSError("something new")):
        world.ledger.trouble = trouble  # type: ignore[assignment]  # a driver may throw what nobody thought of
        errands.wake()
        await let_everything_run()
    world.ledger.mend()
    errands.wake()
    await let_everything_run()

    assert done == ["a"]
    assert errands.trouble == ""
    assert "looking for work failed" in caplog.text
    await errands.close()


async def test_closing_lets_what_has_begun_come_to_its_end() -> None:
    world, ended = World(), list[str]()
    go_on = asyncio.Event()

    async def do(claimed: Claimed) -> None:
        await go_on.wait()
        ended.append(claimed.effect.key)

    bench = Bench(world, do)
    await bench.plan("a")
    bench.errands.start()
    bench.errands.wake()
    await let_everything_run()
    assert not bench.errands.idle()
    closing = asyncio.create_task(bench.errands.close())
    await let_everything_run()
    go_on.set()
    await closing

    assert ended == ["a"]
    assert bench.errands.idle()


# ------------------------------------------------------------------------------------------ lanes


async def stuck(lane: Lane, others: int, *, then: int) -> list[str]:
    """Fill a lane with errands that never end, plan one of another priority, and return what was begun after them."""
    world, begun, gate, bench = World(), list[str](), asyncio.Event(), list[Bench]()

    async def hang(claimed: Claimed) -> None:
        begun.append(claimed.effect.key)
        if claimed.effect.key.startswith("flood"):
            await gate.wait()
        await bench[0].settle(claimed.effect.key)

    bench.append(Bench(world, hang))
    await bench[0].plan(*(f"flood {n}" for n in range(others)), priority=lane.last)
    await bench[0].sweep()
    assert len(begun) == lane.slots
    await bench[0].plan("the one", priority=then)
    await bench[0].sweep()
    gate.set()
    await let_everything_run()
    return begun[lane.slots :]


async def test_an_imminent_page_does_not_wait_behind_a_flood_of_pages() -> None:
    """Five hundred pages hang at a carrier that does not answer, and the one that matters most leaves at once."""
    assert await stuck(LANES[1], 500, then=0) == ["the one"]


@pytest.mark.parametrize("lane", LANES[2:], ids=lambda lane: lane.name)
async def test_no_page_waits_behind_words_or_notices(lane: Lane) -> None:
    assert await stuck(lane, 100, then=1) == ["the one"]


async def test_words_for_somebody_in_need_do_not_wait_behind_notices_or_pages() -> None:
    for lane in (LANES[1], LANES[4]):
        assert await stuck(lane, 100, then=5) == ["the one"]


def test_every_priority_has_a_lane_and_the_carriers_pool_has_room_for_all() -> None:
    """A page that was begun must not wait for a connection that a notice holds."""
    covered = [priority for lane in LANES for priority in range(lane.first, lane.last + 1)]

    assert covered == list(range(EVERY_PRIORITY[0], EVERY_PRIORITY[1] + 1))
    assert sum(lane.slots for lane in LANES) < MOST_AT_ONCE / 1.5
