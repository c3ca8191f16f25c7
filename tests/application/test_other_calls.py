"""A call that the carrier lists is believed to be a page's only when nothing else can have called there."""

from __future__ import annotations

from datetime import timedelta

from crisis_hub.application.ports import Entry
from crisis_hub.domain.events import CanaryReleased, Reach
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, Method, Role
from tests.application.hands import ANA, STAFF, Hands, World, hands, person
from tests.application.test_lookups import BY_CALL, TO_ANA
from tests.application.test_reach import listed


async def may_be_another(here: Hands, case: str) -> bool:
    """Ask of the newest call of Ana's page."""
    page = (await here.page_of(case, "ana")).page
    attempt = page.attempts[-1]
    return await here.lookups._others.may_be_one(page, attempt, ANA, page.at - timedelta(seconds=2))


async def paged(here: Hands, sender: str = "+15550100900", sid: str = "SM1") -> str:
    case = await here.a_case(sender, sid)
    await here.judge(case, Risk.HIGH)
    return case


async def test_a_page_alone_is_the_only_one_that_can_have_called() -> None:
    """Its own text is no call, and neither is a page to somebody else."""
    async with hands(staff=(listed(Reach(Method.SMS, ANA, 0), Reach(Method.VOICE, ANA, 0)), *STAFF[1:])) as here:
        case = await paged(here)
        text = (await here.page_of(case, "ana")).page.attempts[0]
        await here.pages.progressed(case, text.id, AttemptState.DELIVERED, text.carrier_id, "delivered")

        assert not await may_be_another(here, case)


async def test_what_another_process_wrote_down_a_moment_ago_counts_before_any_bell() -> None:
    world = World()
    async with hands(TO_ANA, world=world, working=False) as two:
        await two.directory.record(BY_CALL, "test")
        async with hands(TO_ANA, world=world) as here:
            await here.a_case("+15550100955", "SM9")
            await here.seconds(70)  # all that counts is in memory here
            case = await paged(here)
            assert not await may_be_another(here, case)
            await two.trials.send(two.colleague("ana"))

            assert await may_be_another(here, case)


async def test_somebody_else_who_answers_the_same_telephone_by_now_may_have_been_called_there() -> None:
    world = World()
    async with hands(TO_ANA, world=world, working=False) as two:
        await two.directory.record(BY_CALL, "test")
        async with hands(TO_ANA, world=world) as here:
            case = await paged(here)
            await two.directory.record((person("ben", Role.CLINICIAN, ANA, ways=(Method.VOICE,)),), "test")
            await two.trials.send(two.colleague("ben"))

            assert await may_be_another(here, case)


async def test_an_older_page_of_which_there_is_news_may_have_called_again() -> None:
    """Also when its case is closed by now, and the board no longer holds it."""
    async with hands(TO_ANA, BY_CALL) as here:
        other = await paged(here, "+15550100911", "SM7")
        await here.seconds(50)
        case = await paged(here)
        assert not await may_be_another(here, case)

        attempt = (await here.page_of(other, "ana")).page.attempts[0]
        await here.pages.progressed(other, attempt.id, AttemptState.DELIVERED, CarrierId("CA-again"), "in-progress")
        here.board._picture._open.pop(other)

        assert await may_be_another(here, case)


async def test_an_older_page_that_still_waits_may_be_called_by_a_worker_that_died() -> None:
    async with hands(TO_ANA, BY_CALL) as here:
        here.telephony.be_busy(1.0, times=None, only=ANA)
        await paged(here, "+15550100911", "SM7")
        await here.seconds(50)
        case = await paged(here)

        assert await may_be_another(here, case)


async def test_a_test_page_half_a_minute_before_may_still_have_called_and_one_of_long_ago_not() -> None:
    async with hands(TO_ANA, BY_CALL) as here:
        await here.trials.send(here.colleague("ana"))
        await here.seconds(30)
        case = await paged(here)
        assert await may_be_another(here, case)

        await here.seconds(70)
        assert not await may_be_another(here, await paged(here, "+15550100911", "SM7"))


async def test_a_process_that_has_just_begun_looks_in_the_ledger() -> None:
    world = World()
    async with hands(TO_ANA, world=world) as gone:
        await gone.directory.record(BY_CALL, "test")
        await gone.trials.send(gone.colleague("ana"))
        await gone.seconds(70)
        first = await paged(gone)
    async with hands(TO_ANA, world=world, owner="two") as here:
        assert not await may_be_another(here, first)
    async with hands(TO_ANA, world=world) as gone:
        await gone.trials.send(gone.colleague("ana"))
    async with hands(TO_ANA, world=world, owner="two") as here:
        await here.a_case("+15550100911", "SM7")
        assert await may_be_another(here, first)


async def test_where_too_much_happened_to_look_through_nobody_can_say() -> None:
    """Then the page is placed again, which is harmless."""
    world = World()
    async with hands(TO_ANA, world=world) as gone:
        await gone.directory.record(BY_CALL, "test")
        case = await paged(gone)
        flood = tuple(CanaryReleased(f"{n:08x}") for n in range(1100))
        await gone.ledger.append(Entry("canary-flood", 0, flood, gone.clock.now(), "test"))
    async with hands(TO_ANA, world=world, owner="two") as here:
        assert await may_be_another(here, case)
