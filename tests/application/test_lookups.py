"""What the carrier never told us is asked: a page is doubled only when nobody can say, and silence has an end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from crisis_hub.application.errands import LEASE_SECONDS
from crisis_hub.application.intake import CallIn
from crisis_hub.application.lookups import SENT_AGAIN, Earlier
from crisis_hub.application.ports import CarrierProgress, CarrierText, Claimed, Effect, OutcomeUnknown
from crisis_hub.domain import events as e
from crisis_hub.domain.commands import ClaimCase, JoinRoom
from crisis_hub.domain.errors import TooLate
from crisis_hub.domain.escalation import Ladder
from crisis_hub.domain.events import Reach, Step, Target
from crisis_hub.domain.risk import Risk
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import AttemptState, CarrierId, Method, PersonId, TakenBy
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


async def test_what_a_dead_worker_may_have_sent_does_not_wait_for_others_as_if_it_were_fresh() -> None:
    """A text that waits to be merged is known not to have gone: but not when somebody else had begun it before."""
    world = World()
    async with hands(TO_ANA, world=world, working=False) as dead:
        await dead.directory.record(tuple(STAFF), "test")
        case = await at_high_risk(dead)
        [step] = await world.ledger.claim_effects(world.clock.now(), "one", LEASE_SECONDS, 1)
        await dead.paging.page_step(step)
        await world.ledger.claim_effects(world.clock.now(), "one", LEASE_SECONDS, 10)
        whole = await dead.hub.case(case)
        page = whole.escalations[-1].pages[0]
        await dead.reaching.page(whole, whole.escalations[-1], page, page.attempts[0])
    async with hands(TO_ANA, world=world, owner="two") as living:
        await living.seconds(int(LEASE_SECONDS) - 2)
        await at_high_risk(living, "+15550100912", "SM2")  # from now on texts to Ana wait for each other
        await living.seconds(15)

        assert len([text for text in living.texts_to(ANA) if whole.number in text.words]) == 1
        assert (await living.page_of(case, "ana")).page.attempts[0].state is AttemptState.SENT


async def test_the_first_errand_looks_too_when_the_one_that_was_to_hasten_it_came_to_nothing() -> None:
    """The call was to be made later; the text failed, a worker made the call at once, and died before it said so."""
    world = World()
    ana = replace(STAFF[0], reach=(Reach(Method.SMS, ANA, 0), Reach(Method.VOICE, ANA, 60)))
    async with hands(TO_ANA, world=world, working=False) as dead:
        await dead.directory.record((ana, *STAFF[1:]), "test")
        case = await at_high_risk(dead)
        [step] = await world.ledger.claim_effects(world.clock.now(), "one", LEASE_SECONDS, 1)
        await dead.paging.page_step(step)
        whole = await dead.hub.case(case)
        page = whole.escalations[-1].pages[0]
        text, call = page.attempts
        await dead.reaching.page(whole, whole.escalations[-1], page, call)
        first = Effect("planned first", case, "send_page", call.id, page.at.replace(minute=page.at.minute + 1), 1)

        assert await dead.lookups.earlier(Claimed(first, 1), whole, page, call) is Earlier.NONE
        failed = replace(page, attempts=(replace(text, state=AttemptState.FAILED), call))
        assert await dead.lookups.earlier(Claimed(first, 1), whole, failed, call) is Earlier.ARRIVED


@pytest.mark.parametrize("accepted", [True, False], ids=["it was accepted", "it was not"])
async def test_a_text_for_several_pages_that_got_no_answer_is_looked_up_for_each_of_them(accepted: bool) -> None:
    """Every page that stood in it is on record as unknown, and none is sent again when it did go out."""
    async with hands(TO_ANA) as here:
        cases = [await at_high_risk(here, f"+1555010091{n}", f"SM{n}") for n in range(3)]
        assert len(here.texts_to(ANA)) == 1
        here.telephony.fall_silent(accepted=accepted, times=1, only=ANA)
        await here.seconds(15)

        assert [await unknowns(here, case) for case in cases] == [0, 1, 1]
        for case in cases:
            assert (await here.page_of(case, "ana")).page.attempts[0].state is AttemptState.SENT
            number = (await here.hub.case(case)).number
            assert len([text for text in here.texts_to(ANA) if number in text.words]) == 1


async def test_what_another_process_surely_did_not_send_is_neither_looked_up_nor_called_doubtful() -> None:
    """The carrier was busy for one process, which gave the page back; the next knows that nothing went out."""
    world = World()
    async with hands(TO_ANA, world=world, working=False) as one:
        await one.directory.record(tuple(STAFF), "test")
        case = await at_high_risk(one)
        [step] = await world.ledger.claim_effects(world.clock.now(), "one", LEASE_SECONDS, 1)
        await one.paging.page_step(step)
        world.telephony.be_busy(1.0, times=2)
        for claimed in await world.ledger.claim_effects(world.clock.now(), "one", LEASE_SECONDS, 10):
            await one.paging.send(claimed)
    async with hands(TO_ANA, world=world, owner="two") as two:
        two.telephony.find_texts = two.telephony.find_calls = cannot_say  # type: ignore[method-assign, assignment]
        await two.seconds(2)

        assert states(await two.page_of(case, "ana")) == ["sent", "sent"]
        assert await unknowns(two, case) == 0
        assert (await two.page_of(case, "ana")).page.attempts[0].detail == ""


# ------------------------------------------------------------------------------- other calls to the same telephone

BY_CALL = (person("ana", STAFF[0].roles[0], ANA, ways=(Method.VOICE,)), *STAFF[1:])


async def ring_to_a_room(here: Hands) -> None:
    """Ana is brought to a caller by her own telephone, and nobody hears whether it rings."""
    await here.intake.call(CallIn("CA-caller", "+15550100955", "+15550100100"))
    case = next(one for one in here.board.cases() if one.conversation.running_call())
    here.telephony.fall_silent(accepted=True, times=1, only=ANA)
    await here.do(case.id, ClaimCase(PersonId("ana"), "Ana"))
    await here.do(case.id, JoinRoom(PersonId("ana")))


async def send_a_test_page(here: Hands) -> None:
    here.telephony.fall_silent(accepted=True, times=1, only=ANA)
    await here.trials.send(here.colleague("ana"))


async def send_a_code(here: Hands) -> None:
    here.telephony.fall_silent(accepted=True, times=1, only=ANA)
    way = here.reachability.id_of(PersonId("ana"), Method.VOICE, ANA)
    with pytest.raises(TooLate):
        await here.reachability.send_code("ana", way)


async def page_of_a_case_that_is_closed_by_now(here: Hands) -> None:
    """Its first call went out and nobody heard so, its second did, and the case is gone from the board."""
    other = await here.a_case("+15550100911", "SM7")
    finding, here.telephony.find_calls = here.telephony.find_calls, cannot_say  # type: ignore[method-assign, assignment]
    here.telephony.fall_silent(accepted=True, times=1, only=ANA)
    await here.judge(other, Risk.HIGH)
    await here.seconds(1)
    here.telephony.find_calls = finding  # type: ignore[method-assign]
    assert len(here.calls_to(ANA)) == 2
    here.telephony.accepted.pop()  # of these the carrier lists the one that nobody here knows
    here.board._picture._open.pop(other)


@pytest.mark.parametrize("other", [ring_to_a_room, send_a_test_page, send_a_code, page_of_a_case_that_is_closed_by_now])
async def test_no_other_call_to_the_same_telephone_stands_for_a_page_that_was_never_placed(
    other: Callable[[Hands], Awaitable[None]],
) -> None:
    """The carrier does not say what a call was about: where anything else may have rung there, the page is placed."""
    async with hands(TO_ANA, BY_CALL) as here:
        case = await here.a_case()
        await other(here)
        here.telephony.fall_silent(accepted=False, times=1, only=ANA)
        await here.judge(case, Risk.HIGH)
        await here.seconds(3)

        assert [call for call in here.calls_to(ANA) if f"case={case}" in call.words]
        assert (await here.page_of(case, "ana")).page.attempts[0].detail == SENT_AGAIN


@pytest.mark.parametrize("other", [send_a_test_page, send_a_code])
async def test_other_calls_that_another_process_wrote_down_count_too(
    other: Callable[[Hands], Awaitable[None]],
) -> None:
    world = World()
    async with hands(TO_ANA, world=world, working=False) as two:
        await two.directory.record(BY_CALL, "test")
        async with hands(TO_ANA, world=world) as here:
            case = await here.a_case()
            await other(two)
            here.telephony.fall_silent(accepted=False, times=1, only=ANA)
            await here.judge(case, Risk.HIGH)
            await here.seconds(3)

            assert [call for call in here.calls_to(ANA) if f"case={case}" in call.words]


async def test_what_called_somebody_long_ago_or_somebody_else_is_no_reason_to_call_twice() -> None:
    async with hands(TO_ANA, BY_CALL) as here:
        case = await here.a_case()
        await here.trials.send(here.colleague("ana"))
        await here.seconds(70)
        await here.trials.send(here.colleague("ben"))
        before = len(here.calls_to(ANA))
        here.telephony.fall_silent(accepted=True, times=1, only=ANA)
        await here.judge(case, Risk.HIGH)
        await here.seconds(3)

        assert len(here.calls_to(ANA)) == before + 1
        assert (await here.page_of(case, "ana")).page.attempts[0].detail == "found at the carrier"
