"""Nights of paging: who is woken, how, and what counts as having it."""

from __future__ import annotations

import logging

import pytest

from crisis_hub.adapters.telephony.simulator import AWAKE, FILTERED, UNREACHABLE, Person, Press
from crisis_hub.domain.case import Case
from crisis_hub.domain.rules import EMPTY
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, PageState, TakenBy
from tests.night import Night, night

WRITER = "+15550100920"
SECRET = "my name is Zebulon Quill and i live at 12 Canary Row"


async def high(tonight: Night, words: str = "please") -> Case:
    """A text case that has just become high: its ladder is running."""
    tonight.phone(WRITER, AWAKE)
    case = await tonight.text(WRITER, words)
    await tonight.done("rui", f"/api/cases/{case.id}/claim")
    await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
    await tonight.seconds(2)
    return await tonight.case(case.id)


def on_call(case: Case) -> str:
    """Who was paged first."""
    return case.escalations[0].pages[0].person


async def test_a_digit_takes_the_page_and_a_wrong_one_only_repeats_the_menu() -> None:
    """Fingers slip at three in the morning."""
    async with night() as tonight:
        for who in ("ana", "ben"):
            tonight.phone_of(who, Person(answers_after=4, presses=(Press("7", after=3), Press("1", after=6))))
        case = await high(tonight)
        await tonight.minutes(1)

        taken = (await tonight.case(case.id)).escalations[0]
        assert (taken.state, taken.taken_means) == (EscalationState.TAKEN, TakenBy.DIGIT)
        assert taken.taken_by == on_call(case)


async def test_a_link_that_the_phone_opens_by_itself_takes_nothing_and_its_button_does() -> None:
    """Message apps and scanners open links; only a pressed button is a person."""
    async with night() as tonight:
        for who in ("ana", "ben"):
            tonight.phone_of(who, Person(previews_links=True, opens_links_after=40))
        case = await high(tonight)
        await tonight.seconds(20)
        looked = (await tonight.case(case.id)).escalations[0]
        assert looked.state is EscalationState.RUNNING
        assert {a.state for a in looked.pages[0].attempts} <= {AttemptState.SENT, AttemptState.DELIVERED}

        await tonight.seconds(30)
        taken = (await tonight.case(case.id)).escalations[0]
        assert (taken.state, taken.taken_means) == (EscalationState.TAKEN, TakenBy.BUTTON)


async def test_passing_sends_it_to_the_next_person_at_once() -> None:
    """Who cannot come says so, and nobody waits two minutes for it."""
    async with night() as tonight:
        case = await high(tonight)
        tonight.phone_of(on_call(case)).text("2")
        await tonight.seconds(3)

        now = (await tonight.case(case.id)).escalations[0]
        assert (now.step, now.pages[0].state) == (2, PageState.PASSED)
        tonight.phone_of("sam").expect_text(case.number)


async def test_nobody_takes_it_and_the_alarm_stands_until_somebody_late_does() -> None:
    """An exhausted ladder is not the end: the alarm stays, and a late reply still counts."""
    async with night() as tonight:
        case = await high(tonight)
        await tonight.minutes(6)
        assert (await tonight.case(case.id)).escalations[0].state is EscalationState.EXHAUSTED
        refused = await tonight.post("rui", f"/api/cases/{case.id}/close", {"outcome": "done"})
        assert refused.status_code == 409

        tonight.phone_of("sam").text(case.number)
        await tonight.seconds(2)
        late = (await tonight.case(case.id)).escalations[0]
        assert (late.state, late.taken_by) == (EscalationState.TAKEN, "sam")


async def test_when_every_way_to_somebody_fails_the_ladder_climbs_at_once() -> None:
    """A dead telephone is not worth waiting for."""
    async with night() as tonight:
        tonight.phone_of("ana", UNREACHABLE)
        tonight.phone_of("ben", UNREACHABLE)
        case = await high(tonight)
        await tonight.seconds(15)

        assert (await tonight.case(case.id)).escalations[0].step == 2


async def test_a_filtered_text_leaves_the_call_to_wake_them() -> None:
    """Two ways in the same second, since either may fail."""
    async with night() as tonight:
        tonight.phone_of("ana", FILTERED)
        tonight.phone_of("ben", FILTERED)
        case = await high(tonight)
        await tonight.seconds(10)

        states = {a.method: a.state for a in (await tonight.case(case.id)).escalations[0].pages[0].attempts}
        assert states == {"sms": AttemptState.FAILED, "voice": AttemptState.SENT}


async def test_two_take_it_at_once_and_one_has_it() -> None:
    """The second learns who was first, and nobody is woken again."""
    async with night() as tonight:
        case = await high(tonight)
        await tonight.minutes(2.2)
        first, second = tonight.phone_of(on_call(case)), tonight.phone_of("sam")
        first.text("1")
        second.text("1")
        await tonight.seconds(3)

        taken = (await tonight.case(case.id)).escalations[0]
        assert taken.state is EscalationState.TAKEN
        facts = [type(one.fact).__name__ for one in await tonight.store.read(case.id)]
        assert facts.count("PageTaken") == 1


async def test_with_no_rules_at_all_imminent_pages_everybody_who_can_be_reached() -> None:
    """The floor is code."""
    async with night(rulebook=EMPTY) as tonight:
        tonight.phone(WRITER, AWAKE)
        case = await tonight.text(WRITER, "hello")
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.done("rui", f"/api/cases/{case.id}/risk", {"risk": "imminent"})
        await tonight.seconds(2)

        paged = {page.person for page in (await tonight.case(case.id)).escalations[0].pages}
        assert paged == {"ana", "ben", "sam", "lee"}


async def test_no_private_word_is_in_any_page_or_log(caplog: pytest.LogCaptureFixture) -> None:
    """What a person said, their number and their name stay in the case."""
    caplog.set_level(logging.DEBUG)
    async with night() as tonight:
        await high(tonight, SECRET)
        await tonight.minutes(7)

        sent = [message.body for message in tonight.carrier.exchange.messages.values() if message.to != WRITER]
        heard = [words for phone in tonight.carrier.phones for words in [phone.words_heard()]]
        everything = "\n".join([*(body for body in sent if body != SECRET), *heard, caplog.text])
        assert "Reply 1" in everything
        for private in ("Zebulon", "Canary Row", WRITER[-7:]):
            assert private not in everything


async def test_lowering_from_imminent_needs_a_second_person() -> None:
    """One tired person alone cannot call off everybody."""
    async with night() as tonight:
        tonight.phone(WRITER, AWAKE)
        case = await tonight.text(WRITER, "hello")
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.done("rui", f"/api/cases/{case.id}/risk", {"risk": "imminent"})
        lower = {"risk": "moderate", "reason": "they are with a friend now"}
        await tonight.done("rui", f"/api/cases/{case.id}/risk", lower)
        await tonight.done("rui", f"/api/cases/{case.id}/risk", lower)
        assert (await tonight.case(case.id)).risk == "imminent"

        await tonight.done("sam", f"/api/cases/{case.id}/risk", lower)
        assert (await tonight.case(case.id)).risk == "moderate"
