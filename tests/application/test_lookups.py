"""What the carrier never told us is asked: a page is doubled only when nobody can say, and silence has an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from crisis_hub.application.errands import LEASE_SECONDS
from crisis_hub.application.lookups import SENT_AGAIN, Earlier
from crisis_hub.application.ports import CarrierProgress, CarrierText, Claimed, Effect, OutcomeUnknown
from crisis_hub.domain import events as e
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Reach, Step, Target
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, Method, TakenBy
from tests.application.hands import ANA, SAM, STAFF, Hands, World, hands, person
from tests.application.test_paging import at_high_risk, on_ladder, states

TO_ANA = on_ladder(Target("person", "ana"))
THEN_SAM = on_ladder(Target("person", "ana"), then=[Target("role", "supervisor")])


async def unknowns(here: Hands, case: str) -> int:
    """Count how often it was written down that nobody knew."""
    facts = [one.fact for one in await here.hub.history(case)]
    return sum(isinstance(one, e.AttemptProgressed) and one.state is AttemptState.UNKNOWN for one in facts)


async def cannot_say(to: str, since: datetime) -> None:
    """Be a carrier whose lists give no answer."""
    raise OutcomeUnknown("no answer")


async def rounds(here: Hands, seconds: int) -> None:
    """Let seconds pass, with the look-ups going their round."""
    for _ in range(seconds):
        await here.seconds(1)
        await here.lookups.round()
        await here.settle()


# ------------------------------------------------------------------------------------------ unknown outcomes


async def test_when_the_look_up_fails_too_the_page_is_sent_again() -> None:
    """Nobody can say: then twice is right."""
    async with hands(TO_ANA) as here:
        here.telephony.find_texts = here.telephony.find_calls = cannot_say  # type: ignore[method-assign, assignment]
        here.telephony.fall_silent(accepted=True, times=2, only=ANA)
        case = await at_high_risk(here)
        await here.seconds(2)

        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]
        assert len(here.texts_to(ANA)) == len(here.calls_to(ANA)) == 2
        assert await unknowns(here, case) == 2
        assert (await here.page_of(case, "ana")).page.attempts[0].detail == SENT_AGAIN


async def test_a_page_that_was_found_keeps_the_carriers_id_and_says_how_it_was_found() -> None:
    async with hands(TO_ANA) as here:
        here.telephony.fall_silent(accepted=True, times=2, only=ANA)
        case = await at_high_risk(here)
        await here.seconds(2)

        text, call = (await here.page_of(case, "ana")).page.attempts
        assert (text.carrier_id, call.carrier_id) == (
            here.texts_to(ANA)[0].carrier_id,
            here.calls_to(ANA)[0].carrier_id,
        )
        assert text.detail == "found at the carrier"


async def test_a_found_call_that_is_over_lets_the_ladder_climb_at_once() -> None:
    """It rang while nobody knew, and nobody answered: waiting for the step to end would be silence."""
    voice = [person("ana", STAFF[0].roles[0], ANA, ways=(Method.VOICE,)), *STAFF[1:]]
    async with hands(THEN_SAM, voice) as here:
        here.telephony.fall_silent(accepted=True, only=ANA)
        case = await at_high_risk(here)
        here.telephony.becomes(here.calls_to(ANA)[0].carrier_id, "no-answer")
        await here.seconds(2)

        assert states(await here.page_of(case, "ana")) == ["failed"]
        assert len(here.calls_to(ANA)) == 1
        assert len(here.texts_to(SAM)) == 1


@pytest.mark.parametrize("taken", [True, False], ids=["the first was taken", "the second was taken"])
async def test_of_two_calls_that_nobody_heard_of_none_stands_for_the_other(taken: bool) -> None:
    """The carrier does not say what a call was about: one call must never stand for two pages."""
    voice = [person("ana", STAFF[0].roles[0], ANA, ways=(Method.VOICE,)), *STAFF[1:]]
    async with hands(TO_ANA, voice) as here:
        first = await here.a_case()
        second = await here.a_case(sender="+15550100901", sid="SM2")
        here.telephony.fall_silent(accepted=taken, times=1, only=ANA)
        await here.judge(first, Risk.HIGH)
        here.telephony.fall_silent(accepted=not taken, times=1, only=ANA)
        await here.judge(second, Risk.HIGH)
        assert len(here.calls_to(ANA)) == 1
        await here.seconds(3)

        assert [states(await here.page_of(case, "ana")) for case in (first, second)] == [["sent"], ["sent"]]
        for case in (first, second):
            assert any(f"case={case}" in call.words for call in here.calls_to(ANA))


async def test_what_was_found_once_is_not_found_for_another_as_well() -> None:
    """Two processes may ask at the same time; the ledger lets one of them have it."""
    async with hands(TO_ANA) as here:
        case = await at_high_risk(here)
        other = await here.a_case(sender="+15550100901", sid="SM2")
        here.telephony.fall_silent(accepted=False, times=None, only=ANA)
        await here.judge(other, Risk.HIGH)
        claims = []
        for stream in (case, other):
            attempt = (await here.page_of(stream, "ana")).page.attempts[1]
            claimed = Claimed(Effect(f"e {stream}", stream, "send_page", attempt.id, here.clock.now(), 1), 2)
            claims.append(await here.lookups._record(claimed, attempt, CarrierId("CA-found"), "ringing"))

        assert claims == [True, False]


async def test_another_text_to_the_same_person_is_not_taken_for_the_page() -> None:
    async with hands(TO_ANA) as here:
        here.telephony.fall_silent(accepted=False, times=1, only=ANA)
        case = await at_high_risk(here)
        other = await here.telephony.send_text(ANA, "Your shift begins in an hour.", "/s")
        await here.seconds(2)

        assert (await here.page_of(case, "ana")).page.attempts[0].carrier_id != other
        assert len(here.texts_to(ANA)) == 2


async def test_a_second_text_of_the_same_page_is_not_taken_for_the_first() -> None:
    """Somebody may have two ways to the same telephone; each is sent."""
    twice = replace(STAFF[0], reach=(Reach(Method.SMS, ANA, 0), Reach(Method.SMS, ANA, 30)))
    async with hands(on_ladder_of(600), [twice, *STAFF[1:]]) as here:
        await at_high_risk(here)
        await here.seconds(29)
        here.telephony.fall_silent(accepted=False, times=1, only=ANA)
        await here.seconds(4)

        assert len(here.texts_to(ANA)) == 2


async def test_the_text_of_another_page_is_not_taken_for_this_one() -> None:
    async with hands(TO_ANA) as here:
        first = await at_high_risk(here)
        second = await here.a_case(sender="+15550100901", sid="SM2")
        await here.seconds(11)  # so that the second has a text of its own
        here.telephony.fall_silent(accepted=False, times=1, only=ANA)
        await here.judge(second, Risk.HIGH)
        await here.seconds(2)

        ids = {(await here.page_of(case, "ana")).page.attempts[0].carrier_id for case in (first, second)}
        assert len(ids) == len(here.texts_to(ANA)) == 2


@pytest.mark.parametrize("accepted", [True, False], ids=["it was accepted", "it was not"])
async def test_what_a_dead_worker_had_begun_is_looked_up_by_the_next(accepted: bool) -> None:
    """Between the carrier's yes and our record a process may die: the page neither gets lost nor doubled."""
    world = World()
    async with hands(TO_ANA, world=world, working=False) as dead:
        await dead.directory.record(tuple(STAFF), "test")
        case = await at_high_risk(dead)
        now = world.clock.now()
        [step] = await world.ledger.claim_effects(now, "one", LEASE_SECONDS, 1)
        await dead.paging.page_step(step)
        begun = await world.ledger.claim_effects(now, "one", LEASE_SECONDS, 10)
        assert len(begun) == 2
        if accepted:
            text, call = (await dead.page_of(case, "ana")).page.attempts
            whole = await dead.hub.case(case)
            escalation = whole.escalations[-1]
            for attempt in (text, call):
                await dead.reaching.page(whole, escalation, escalation.pages[0], attempt)
    async with hands(TO_ANA, world=world, owner="two") as living:
        await living.seconds(int(LEASE_SECONDS) + 2)

        assert states(await living.page_of(case, "ana")) == ["sent", "sent"]
        assert len(living.texts_to(ANA)) == len(living.calls_to(ANA)) == 1
        assert await unknowns(living, case) == (0 if accepted else 2)


async def test_what_the_carrier_surely_did_not_take_is_not_looked_up() -> None:
    """A carrier that asks us to go slower is not asked twice as much."""
    async with hands(TO_ANA) as here:
        asked: list[str] = []
        finding = here.telephony.find_texts

        async def counted(to: str, since: datetime) -> Sequence[CarrierText]:
            asked.append(to)
            return await finding(to, since)

        here.telephony.find_texts = counted  # type: ignore[method-assign]
        here.telephony.be_busy(1.0, times=2)
        case = await at_high_risk(here)
        await here.seconds(2)

        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]
        assert asked == []


# ------------------------------------------------------------------------------------------ silent tries


async def test_a_try_without_a_final_state_is_asked_about_after_a_minute() -> None:
    """The receipt was lost: that the text never arrived is found out, and the ladder climbs."""
    async with hands(THEN_SAM) as here:
        here.book = on_ladder_of(600)
        case = await at_high_risk(here)
        text, call = here.texts_to(ANA)[0], here.calls_to(ANA)[0]
        here.telephony.becomes(text.carrier_id, "undelivered", "30003")
        here.telephony.becomes(call.carrier_id, "busy")
        await rounds(here, 58)
        assert states(await here.page_of(case, "ana")) == ["sent", "sent"]
        await rounds(here, 4)

        asked = await here.page_of(case, "ana")
        assert states(asked) == ["failed", "failed"]
        assert asked.page.attempts[0].detail == "undelivered 30003"
        assert len(here.texts_to(SAM)) == 1


async def test_a_receipt_that_was_lost_is_made_up_for() -> None:
    async with hands(THEN_SAM) as here:
        here.book = on_ladder_of(600)
        case = await at_high_risk(here)
        here.telephony.becomes(here.texts_to(ANA)[0].carrier_id, "delivered")
        await rounds(here, 62)

        assert states(await here.page_of(case, "ana"))[0] == "delivered"


async def test_an_answered_call_whose_end_was_never_told_is_asked_about_too() -> None:
    """A voicemail picked up and nobody ever took it: the way failed, and the next is tried."""
    async with hands(THEN_SAM) as here:
        here.book = on_ladder_of(600)
        case = await at_high_risk(here)
        attempt = (await here.page_of(case, "ana")).page.attempts[1]
        call = here.calls_to(ANA)[0].carrier_id
        await here.pages.progressed(case, attempt.id, AttemptState.DELIVERED, call, "in-progress")
        here.telephony.becomes(call, "completed")
        await rounds(here, 62)

        assert states(await here.page_of(case, "ana"))[1] == "failed"


async def test_what_the_carrier_knows_nothing_of_has_failed() -> None:
    async with hands(THEN_SAM) as here:
        here.book = on_ladder_of(600)
        case = await at_high_risk(here)
        here.telephony.accepted.clear()
        await rounds(here, 62)

        asked = await here.page_of(case, "ana")
        assert states(asked) == ["failed", "failed"]
        assert "not found at the carrier" in asked.page.attempts[0].detail


async def test_a_carrier_that_says_nothing_new_is_asked_less_and_less_often() -> None:
    async with hands(THEN_SAM) as here:
        here.book = on_ladder_of(3600)
        asked: list[CarrierId] = []
        state = here.telephony.text_state

        async def counted(message: CarrierId) -> CarrierProgress:
            asked.append(message)
            return await state(message)

        here.telephony.text_state = counted  # type: ignore[method-assign]
        await at_high_risk(here)
        await rounds(here, 60 + 30 + 60 + 120 + 5)

        assert len(asked) == 4  # after 60 s, then 30, 60 and 120 s later


async def test_nobody_asks_about_a_page_that_somebody_has() -> None:
    async with hands(THEN_SAM) as here:
        here.book = on_ladder_of(600)
        case = await at_high_risk(here)
        here.telephony.becomes(here.texts_to(ANA)[0].carrier_id, "undelivered", "30003")
        await here.pages.take(await here.page_of(case, "ana"), TakenBy.BUTTON)
        await rounds(here, 65)

        assert "failed" not in states(await here.page_of(case, "ana"))


def on_ladder_of(wait: int) -> Rulebook:
    """Ana for so long, then the supervisor."""
    steps = (Step((Target("person", "ana"),), wait), Step((Target("role", "supervisor"),), 60))
    return replace(THEN_SAM, ladders={**THEN_SAM.ladders, "clinical": Ladder("clinical", steps)})


async def test_an_errand_for_a_page_that_another_errand_may_have_begun_looks_first() -> None:
    """A way that failed plans the next at once, beside the errand that was planned first and whose worker died."""
    async with hands(TO_ANA) as here:
        here.telephony.fall_silent(accepted=True, times=1, only=ANA)
        here.telephony.be_busy(1.0, times=1, only=ANA)
        case = await at_high_risk(here)
        whole = await here.hub.case(case)
        page = whole.escalations[-1].pages[0]
        text = replace(page.attempts[0], state=AttemptState.PLANNED)
        later = page.at.replace(second=page.at.second + 1)
        claimed = Claimed(Effect("planned later", case, "send_page", text.id, later, 1), 1)

        assert await here.lookups.earlier(claimed, whole, page, text) is Earlier.ARRIVED
