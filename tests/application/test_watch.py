"""The night watch: what is due happens, once, whatever else is broken."""

from __future__ import annotations

import pytest

from crisis_hub.application.ports import Deadline, Entry, StoreUnavailable
from crisis_hub.application.reactions import STEP_OVER
from crisis_hub.domain import events as e
from crisis_hub.domain.commands import WriteNote
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import EscalationState, PersonId, TakenBy
from tests.application.hands import STAFF, Hands, World, hands


async def at_risk(here: Hands) -> str:
    case = await here.a_case()
    await here.judge(case, Risk.HIGH)
    return case


async def steps(here: Hands, case: str) -> list[int]:
    return [one.fact.step for one in await here.hub.history(case) if isinstance(one.fact, e.StepTaken)]


async def test_a_step_whose_time_is_over_is_followed_by_the_next_and_then_by_the_alarm() -> None:
    async with hands() as here:
        case = await at_risk(here)
        await here.seconds(119)
        assert await steps(here, case) == [1]
        await here.seconds(1)
        assert await steps(here, case) == [1, 2]
        await here.seconds(120)

        assert (await here.ladder(case)).state is EscalationState.EXHAUSTED
        assert await here.ledger.claim_deadlines(here.clock.now().replace(year=2030), "x", 1, 10) == []


async def test_a_deadline_fires_once_at_however_many_processes() -> None:
    world = World()
    async with hands(world=world) as setup:
        await setup.directory.record((), "test")
        async with hands(world=world, owner="two") as two:
            case = await at_risk(setup)
            await setup.clock.advance(120)
            for one in (setup, two, setup, two):
                await one.watch.tick()
                await one.settle()

            assert await steps(setup, case) == [1, 2]


async def test_a_late_deadline_says_nothing_and_goes() -> None:
    """Somebody took it a second before: nobody else is woken."""
    async with hands() as here:
        case = await at_risk(here)
        await here.seconds(119)
        await here.pages.take(await here.page_of(case, "ana"), TakenBy.REPLY)
        await here.seconds(2)

        assert await steps(here, case) == [1]
        assert await here.ledger.claim_deadlines(here.clock.now().replace(year=2030), "x", 1, 10) == []


async def plant(here: Hands, *deadlines: tuple[str, str, str]) -> None:
    """Put deadlines into the ledger that are due before every other."""
    due = here.clock.now().replace(year=2025)
    planted = tuple(
        Deadline(f"planted-{n}", stream, kind, about, due) for n, (stream, kind, about) in enumerate(deadlines)
    )
    await here.ledger.append(Entry("planted", 0, (), here.clock.now(), "test", deadlines=planted))


async def test_a_deadline_that_breaks_does_not_keep_the_others_waiting(caplog: pytest.LogCaptureFixture) -> None:
    """One poisoned row must not stop every ladder in the house."""
    async with hands() as here:
        case = await at_risk(here)
        await plant(here, (case, STEP_OVER, "no step in here"), (case, "a new kind", "x"), ("gone", STEP_OVER, "e/1"))
        await here.seconds(120)

        assert await steps(here, case) == [1, 2]
        assert "a deadline broke" in caplog.text


async def test_a_deadline_about_a_case_that_is_gone_goes_too() -> None:
    async with hands() as here:
        await plant(here, ("gone", STEP_OVER, "e/1"))
        await here.seconds(1)

        assert await here.ledger.claim_deadlines(here.clock.now().replace(year=2030), "x", 1, 10) == []


async def test_ladders_climb_even_when_the_board_is_broken(caplog: pytest.LogCaptureFixture) -> None:
    """A picture that cannot be drawn is bad; a page that is not sent is worse."""
    async with hands() as here:
        case = await at_risk(here)

        async def broken() -> None:
            raise RuntimeError("the board is broken")

        here.board.catch_up = broken  # type: ignore[method-assign]  # stands in for any fault in there
        await here.clock.advance(120)
        await here.watch.tick()

        assert await steps(here, case) == [1, 2]
        assert "a round of the watch failed" in caplog.text


async def test_a_round_that_breaks_does_not_keep_the_others_from_being_gone(caplog: pytest.LogCaptureFixture) -> None:
    async with hands() as here:
        gone: list[str] = []

        async def broken() -> None:
            raise RuntimeError("a bug")

        async def sound() -> None:
            gone.append("round")

        here.watch.also(broken)
        here.watch.also(sound)
        await here.watch.tick()

        assert gone == ["round"]
        assert "a round of the watch failed" in caplog.text


async def test_while_the_ledger_is_gone_the_watch_says_so_and_then_goes_on() -> None:
    async with hands() as here:
        case = await at_risk(here)
        here.ledger.go_down()
        await here.clock.advance(120)
        await here.watch.tick()
        assert here.watch.trouble == "The database is gone; start it."
        here.ledger.mend()
        await here.seconds(6)

        assert here.watch.trouble == ""
        assert await steps(here, case) == [1, 2]


async def test_a_lost_bell_costs_a_second() -> None:
    """Everything it acts on stands in the ledger's rows."""
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        await one.judge(case, Risk.HIGH)
        assert two.board.case(case) is None
        await two.watch.tick()

        seen = two.board.case(case)
        assert seen is not None
        assert seen.risk is Risk.HIGH
        assert two.board.sequence == await one.ledger.head()


async def test_pages_that_were_planned_by_a_process_that_died_are_sent_by_the_next() -> None:
    world = World()
    async with hands(world=world, working=False) as dead:
        await dead.directory.record(STAFF, "test")
        case = await dead.a_case()
        await dead.judge(case, Risk.HIGH)
    async with hands(world=world, owner="two") as two:
        await two.seconds(1)

        assert [page.person for page in (await two.ladder(case)).pages] == ["ana", "ben"]


async def test_at_a_bell_that_does_not_fit_the_board_reads_at_once() -> None:
    """What another process wrote is seen without waiting for the next second."""
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        two.board._heard(())
        two.watch._heard(())
        assert not two.watch.idle()
        await two.settle()

        assert two.board.case(case) is not None
        assert not two.board.behind


async def test_the_watch_counts_nothing_twice_when_bells_ring_while_it_reads() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        for number in range(5):
            await one.do(case, WriteNote(PersonId("rui"), f"n{number}", "a note"))
            two.board._heard(())
            two.watch._heard(())
        await two.watch.tick()
        await two.settle()

        seen = two.board.case(case)
        assert seen is not None
        assert len(seen.notes) == 5


async def test_the_ledger_comes_back_in_the_middle_of_catching_up() -> None:
    async with hands() as one, hands(world=one.world, owner="two") as two:
        case = await one.a_case()
        one.ledger.trouble = StoreUnavailable("gone")
        two.board._heard(())
        two.watch._heard(())
        await two.settle()
        assert two.watch.trouble == "gone"
        one.ledger.mend()
        await two.watch.tick()

        assert two.board.case(case) is not None
