"""Nights on which time jumps, rules change, the scheduler forgets everything, or all cases come at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crisis_hub.adapters.keyring import Keyring
from crisis_hub.adapters.metronome import Metronome
from crisis_hub.adapters.store.memory import MemoryStore
from crisis_hub.adapters.store.vault import Vault
from crisis_hub.application.intake import TextIn
from crisis_hub.domain import events as e
from crisis_hub.domain.commands import ClaimCase, SetRisk
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rota import Layer, Rota, Turn
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, PageState, PersonId
from tests.night import LINE, STAFF, Night, night, shipped
from tests.stories.scenes import at_high_risk, ladder, page, paged

RUNNING, TAKEN, EXHAUSTED = EscalationState.RUNNING, EscalationState.TAKEN, EscalationState.EXHAUSTED
ROTA = e.Target("rota", "clinicians")
BY_TEXT = [replace(one, reach=one.reach[:1]) for one in STAFF]
"""People without a telephone that rings: a step then waits as long as it says."""


def changing_at(start: str, wait: int = 60) -> Rulebook:
    """Ana and Ben change every day at this time of the wall clock in Chicago; high risk asks the rota twice."""
    layer = Layer(Turn.DAILY, 1, datetime.fromisoformat(start), (PersonId("ana"), PersonId("ben")))
    rota = Rota("clinicians", "America/Chicago", (layer,), ())
    steps = (e.Step((ROTA,), wait), e.Step((ROTA,), wait))
    book = shipped()
    return replace(book, rotas={"clinicians": rota}, ladders={**book.ladders, "clinical": Ladder("clinical", steps)})


async def at(tonight: Night, instant: datetime) -> None:
    """Let it become that instant."""
    await tonight.clock.advance((instant - tonight.clock.now()).total_seconds())


# --------------------------------------------------------------------------------------------------- time


async def test_the_clocks_go_forward_in_the_middle_of_a_ladder_and_a_minute_stays_a_minute() -> None:
    """The hand-off is at 02:30, which does not exist that night: it is at the first instant after the jump."""
    async with night(rulebook=changing_at("2026-03-01T02:30"), staff=BY_TEXT) as tonight:
        await at(tonight, datetime(2026, 3, 8, 7, 59, 20, tzinfo=UTC))  # 01:59:20 in Chicago
        case = await at_high_risk(tonight)
        first = await ladder(tonight, case)
        assert await paged(tonight, case) == ["ana"]
        assert first.due_at is not None
        assert first.due_at - first.steps_taken[0][0] == timedelta(seconds=60)
        await tonight.seconds(63)

        assert tonight.clock.now() > datetime(2026, 3, 8, 8, 0, tzinfo=UTC), "03:00 in Chicago"
        assert await paged(tonight, case) == ["ana", "ben"]
        x = await ladder(tonight, case)
        one, two = x.steps_taken
        assert timedelta(seconds=60) <= two[0] - one[0] <= timedelta(seconds=62)
        assert x.due_at is not None
        assert x.due_at - two[0] == timedelta(seconds=60)


async def test_the_clocks_go_back_in_the_middle_of_a_ladder_and_nobody_is_asked_an_hour_late() -> None:
    """01:30 comes twice: the shift changes at the first of them, and the ladder does not wait for the second."""
    async with night(rulebook=changing_at("2026-03-01T01:30"), staff=BY_TEXT) as tonight:
        await at(tonight, datetime(2026, 11, 1, 6, 29, 20, tzinfo=UTC))  # 01:29:20, before the hour comes again
        case = await at_high_risk(tonight)
        before = await paged(tonight, case)
        await tonight.seconds(63)
        after = await paged(tonight, case)

        assert len(set(after)) == 2
        assert before == after[:1]
        x = await ladder(tonight, case)
        one, two = x.steps_taken
        assert timedelta(seconds=60) <= two[0] - one[0] <= timedelta(seconds=62)
        assert x.due_at is not None
        assert x.due_at - two[0] == timedelta(seconds=60)


async def test_a_timer_of_a_ladder_that_was_taken_says_nothing_however_late_it_comes() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(5)
        tonight.phone_of("ben").text("1", LINE)
        await tonight.seconds(2)
        await tonight.done("ben", f"/api/cases/{case.id}/here")
        facts = await tonight.store.head()
        await tonight.clock.advance(timedelta(days=120).total_seconds())
        await tonight.seconds(3)

        assert (await ladder(tonight, case)).state is TAKEN
        assert await paged(tonight, case) == ["ben"]
        later = await tonight.store.since(facts, 1000)
        assert not [one for one in later if isinstance(one.fact, e.StepTaken | e.PersonPaged | e.EscalationStarted)]


async def test_late_and_doubled_words_of_the_carrier_move_nothing_after_the_page_was_taken() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(5)
        tonight.phone_of("ben").text("1", LINE)
        await tonight.seconds(3)
        asked = await page(tonight, case, "ben")
        head = await tonight.store.head()
        for attempt in asked.attempts:
            for state in (AttemptState.SENT, AttemptState.DELIVERED, AttemptState.FAILED):
                for detail in ("no-answer", "in-progress machine_start"):
                    await tonight.house.pages.progressed(case.id, attempt.id, state, "CA0", detail)
        await tonight.minutes(3)

        now = await page(tonight, case, "ben")
        assert (now.state, len(now.attempts)) == (PageState.TAKEN, len(asked.attempts))
        assert now.attempts[0].state is AttemptState.TAKEN
        assert now.attempts[1].state is AttemptState.FAILED, "and what failed is not brought back either"
        assert (await ladder(tonight, case)).step == 1
        planned = [one.fact for one in await tonight.store.since(head, 100)]
        assert not [fact for fact in planned if isinstance(fact, e.AttemptRepeated | e.StepTaken)]


# ------------------------------------------------------------------------------------------ rules that change


async def test_a_ladder_that_is_edited_in_flight_is_gone_on_with_as_it_began() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        book = shipped()
        other = Ladder("clinical", (e.Step((e.Target("role", "responder"),), 5),))
        tonight.books.append(replace(book, version="edited", ladders={**book.ladders, "clinical": other}))
        await tonight.seconds(70)

        assert await paged(tonight, case) == ["ben", "sam"], "the ringing ended, and the old second step came"
        assert [len(x.steps) for x in (await tonight.case(case.id)).escalations] == [2]
        newer = await at_high_risk(tonight, "+15550100911")
        assert set(await paged(tonight, newer)) == {"rui", "ria"}


async def test_a_ladder_that_is_taken_out_in_flight_is_gone_on_with_all_the_same() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        tonight.books.append(replace(shipped(), version="gone", ladders={}, rotas={}))
        await tonight.minutes(5)

        assert await paged(tonight, case) == ["ben", "sam"]
        assert (await ladder(tonight, case)).state is EXHAUSTED


# ------------------------------------------------------------------------------------- nothing is remembered


async def test_every_job_of_the_scheduler_is_wiped_and_its_process_dies_and_the_ladder_climbs_on_time() -> None:
    """Deadlines are rows; the scheduler only beats."""
    ledger = MemoryStore(Vault(Keyring(bytes(range(32))).vault_key()))
    async with night(store=ledger) as tonight:
        metronome = Metronome(tonight.house.watch.tick)
        metronome.start()
        case = await at_high_risk(tonight)
        await tonight.seconds(4)
        due = (await ladder(tonight, case)).due_at
        assert due is not None
        metronome._scheduler.remove_all_jobs()
        assert metronome._scheduler.get_jobs() == []
        metronome.stop()

    async with night(store=ledger) as tonight:  # another process, which knows of nothing but the ledger
        await at(tonight, due - timedelta(seconds=2))
        assert (await ladder(tonight, case)).step == 1
        await tonight.seconds(4)

        x = await ladder(tonight, case)
        assert (x.step, await paged(tonight, case)) == (2, ["ben", "sam"])
        assert x.steps_taken[1][0] - due <= timedelta(seconds=2)


# ------------------------------------------------------------------------------------------ all at once


async def test_of_five_hundred_pages_at_once_the_imminent_one_leaves_first() -> None:
    """Whatever else waits, whoever may die in the next minutes does not wait behind it."""
    ledger, many, cases = MemoryStore(Vault(Keyring(bytes(range(32))).vault_key())), 500, []
    async with night(staff=BY_TEXT, store=ledger) as tonight:
        house = tonight.house
        for lane in house.errands._lanes:  # nobody works for a moment: everything piles up
            await lane.close()
        for number in range(many):
            sid = f"SM{number:032x}"
            taken = await house.intake.text(TextIn(sid, f"+1555{2000000 + number}", LINE, "hello", 0))
            await house.hub.do(taken.case, ClaimCase(PersonId("rui"), "Rui Alves"), "person:rui")
            risk = Risk.IMMINENT if number == many - 1 else Risk.HIGH
            await house.hub.do(taken.case, SetRisk(PersonId("rui"), risk, "as I see it"), "person:rui")
            cases.append(taken.case)
        head = await tonight.store.head()
    async with night(staff=BY_TEXT, store=ledger) as tonight:
        await tonight.seconds(15)

        facts = [one.fact for one in await tonight.store.since(head, 100_000)]
        asked = [fact for fact in facts if isinstance(fact, e.AttemptProgressed) and fact.state is AttemptState.SENT]
        first = min(asked, key=lambda fact: str(fact.carrier_id))  # the carrier counts what it is asked
        assert first.attempt.startswith(cases[-1])
        imminent = await tonight.case(cases[-1])
        assert {one.merged_into for x in imminent.escalations for p in x.pages for one in p.attempts} == {None}
        for case in cases:
            [attempt] = (await page(tonight, await tonight.case(case), "ben")).attempts
            assert attempt.state is AttemptState.DELIVERED, "and nobody is forgotten"
        assert len(tonight.phone_of("ben").texts) < many / 5, "one person is not sent five hundred texts"
