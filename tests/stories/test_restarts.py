"""Nights on which the process dies in between: what was begun with people is ended by the next process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.store.memory import MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.domain import events as e
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.records import replace
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import EscalationState
from tests.night import Night, night, shipped
from tests.stories.scenes import at_high_risk, at_imminent_risk, ladder, link_on, paged

RUNNING, TAKEN = EscalationState.RUNNING, EscalationState.TAKEN
TWO = (
    e.Step((e.Target("rota", "clinicians"), e.Target("role", "supervisor")), 60, takers=2),
    e.Step((e.Target("role", "clinical_lead"),), 60),
)


def ledger() -> MemoryStore:
    """Return what outlives every process."""
    return MemoryStore(Vault(Keyring(bytes(range(32))).vault_key()))


def for_two() -> Rulebook:
    """The shipped rules, with a first step for which two are wanted."""
    book = shipped()
    return replace(book, ladders={**book.ladders, "clinical": Ladder("clinical", TWO, contact_within_seconds=600)})


@asynccontextmanager
async def next_process(store: MemoryStore, since: datetime, rulebook: Rulebook | None = None) -> AsyncIterator[Night]:
    """Open another house on the same ledger, at the instant at which the one before it died."""
    async with night(store=store, rulebook=rulebook) as tonight:
        await tonight.clock.advance((since - tonight.clock.now()).total_seconds())
        await tonight.seconds(1)
        yield tonight


async def dies(tonight: Night) -> datetime:
    """Nothing that was planned is done any more; returns when that was."""
    for lane in tonight.house.errands._lanes:
        await lane.close()
    tonight.house.errands.idle = lambda: True  # type: ignore[method-assign]  # nobody waits for what is not done
    return tonight.clock.now()


async def test_the_second_of_two_takers_comes_after_a_restart_and_both_hear_of_each_other() -> None:
    store = ledger()
    async with night(store=store, rulebook=for_two()) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        bens, sams = link_on(tonight.phone_of("ben")), link_on(tonight.phone_of("sam"))
        await tonight.browser.post(bens)
        then = await dies(tonight)

    async with next_process(store, then, for_two()) as tonight:
        x = await ladder(tonight, case)
        assert (x.state, [taker.person for taker in x.takers]) == (RUNNING, ["ben"])
        assert "One more person is wanted" in (await tonight.browser.get(bens)).text
        await tonight.browser.post(bens)  # a second touch is not a second taker
        assert (await ladder(tonight, case)).state is RUNNING

        await tonight.browser.post(sams)
        await tonight.seconds(2)

        x = await ladder(tonight, case)
        assert (x.state, x.taken_by_name) == (TAKEN, "Ben Hollis and Sam Okoro")
        tonight.phone_of("ben").expect_text(f"You have case {case.number} together with Sam Okoro")


async def test_one_of_two_is_not_enough_after_a_restart_either_and_the_ladder_climbs_on() -> None:
    store = ledger()
    async with night(store=store, rulebook=for_two()) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        await tonight.browser.post(link_on(tonight.phone_of("ben")))
        then = await dies(tonight)

    async with next_process(store, then, for_two()) as tonight:
        assert await paged(tonight, case) == ["ben", "sam"]
        await tonight.seconds(58)

        assert await paged(tonight, case) == ["ben", "sam", "lee"]
        assert (await ladder(tonight, case)).state is RUNNING


async def test_who_took_it_before_a_restart_and_is_silent_is_asked_again_after_it() -> None:
    store = ledger()
    async with night(store=store) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        await tonight.browser.post(link_on(tonight.phone_of("ben")))
        await tonight.settle()
        due = (await ladder(tonight, case)).contact_due_at
        assert due is not None
        then = await dies(tonight)

    async with next_process(store, then) as tonight:
        await tonight.clock.advance((due - tonight.clock.now()).total_seconds() - 2)
        await tonight.seconds(1)
        assert len((await tonight.case(case.id)).escalations) == 1
        await tonight.seconds(4)

        first, again = (await tonight.case(case.id)).escalations
        assert (first.state, first.silent, again.state) == (TAKEN, True, RUNNING)
        tonight.phone_of("ben").expect_text(case.number)


async def test_a_process_that_was_away_when_the_time_was_over_asks_again_as_soon_as_it_is_back() -> None:
    store = ledger()
    async with night(store=store) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        await tonight.browser.post(link_on(tonight.phone_of("ben")))
        await tonight.settle()
        due = (await ladder(tonight, case)).contact_due_at
        assert due is not None
        await dies(tonight)

    async with next_process(store, due.replace(hour=due.hour + 1)) as tonight:
        await tonight.seconds(2)
        assert [x.state for x in (await tonight.case(case.id)).escalations] == [TAKEN, RUNNING]


async def test_who_was_woken_hears_that_nobody_need_come_although_the_process_died_before_it_told_them() -> None:
    store = ledger()
    async with night(store=store) as tonight:
        case = await at_imminent_risk(tonight)
        await tonight.seconds(3)
        then = await dies(tonight)
        await tonight.done("rui", f"/api/cases/{case.id}/stand-down", {"reason": "their mother is with them"})
        assert not any("stood down" in text.body for text in tonight.phone_of("ben").texts)

    async with next_process(store, then) as tonight:
        await tonight.seconds(2)
        for who in ("ben", "sam"):
            told = [text.body for text in tonight.phone_of(who).texts if "stood down" in text.body]
            assert len(told) == 1, who
            assert "mother" not in told[0]
        assert not any(call for who in ("ben", "sam") for call in tonight.phone_of(who).calls)


async def test_whoever_was_paged_too_hears_who_has_it_although_the_process_died_before_it_told_them() -> None:
    store = ledger()
    async with night(store=store) as tonight:
        case = await at_imminent_risk(tonight)
        await tonight.seconds(3)
        sams = link_on(tonight.phone_of("sam"))
        then = await dies(tonight)
        await tonight.browser.post(sams)

    async with next_process(store, then) as tonight:
        await tonight.seconds(2)
        told = [text.body for text in tonight.phone_of("ben").texts]
        assert told == [f"Sam Okoro has case {case.number}. There is nothing left to do. Thank you."]
        assert (await ladder(tonight, case)).taken_by == "sam"
