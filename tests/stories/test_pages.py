"""Pages: taken by a digit, a button or a reply of the paged person, and by nothing else in the world."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crisis_hub.adapters.telephony.simulator import (
    AWAKE,
    FILTERED,
    UNREACHABLE,
    VOICEMAIL,
    Line,
    LinkOpener,
    Person,
    Press,
)
from crisis_hub.domain.events import Reach
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, Method, PageState, TakenBy
from tests.night import LINE, STAFF, night
from tests.stories.scenes import (
    WRITER,
    at_high_risk,
    at_imminent_risk,
    ladder,
    link_on,
    page,
    paged,
    pages_on,
)

RUNNING, TAKEN, EXHAUSTED = EscalationState.RUNNING, EscalationState.TAKEN, EscalationState.EXHAUSTED
BEN = "ben"  # on call in the week of these nights


# ------------------------------------------------------------------------------------------ what takes a page


async def test_a_wrong_digit_first_then_one_takes_it() -> None:
    """Somebody half asleep presses beside it; the menu is said again."""
    async with night() as tonight:
        ben = tonight.phone_of(BEN, Person(answers_after=3, presses=(Press("7", 2), Press("4", 4))))
        case = await at_high_risk(tonight)
        await tonight.seconds(7)
        assert (await ladder(tonight, case)).state is RUNNING
        await tonight.seconds(20)

        x = await ladder(tonight, case)
        assert (x.state, x.taken_by, x.taken_means) == (TAKEN, BEN, TakenBy.DIGIT)
        assert ben.words_heard().count("To take it, press 4") >= 2
        assert "You have case" in ben.words_heard()


async def test_the_button_behind_the_link_takes_it_with_no_sign_in_and_no_script() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN, Person(opens_links_after=10))
        case = await at_high_risk(tonight)
        await tonight.seconds(15)

        x = await ladder(tonight, case)
        assert (x.state, x.taken_by, x.taken_means) == (TAKEN, BEN, TakenBy.BUTTON)
        assert "You have it" in (await tonight.browser.get(link_on(ben))).text


async def test_a_reply_takes_it() -> None:
    async with night() as tonight:
        tonight.phone_of(BEN, Person(replies=(Line(r"\1", when=r"Case (\d+)", after=8),)))
        case = await at_high_risk(tonight)
        await tonight.seconds(12)

        x = await ladder(tonight, case)
        assert (x.state, x.taken_means) == (TAKEN, TakenBy.REPLY)
        responder = (await tonight.get("rui", f"/api/cases/{case.id}")).json()
        assert responder["escalations"][0]["taken_by_name"] == "Ben Hollis"


# ------------------------------------------------------------------------------------------ what does not


async def test_looking_at_the_link_takes_nothing_however_it_is_looked_at() -> None:
    """Message apps and mail scanners open every link by themselves."""
    async with night() as tonight:
        ben = tonight.phone_of(BEN, Person(previews_links=True))
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        for _ in range(3):
            assert (await tonight.browser.get(link_on(ben))).status_code == 200
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
            assert (await tonight.browser.request(method, link_on(ben))).status_code in {200, 404, 405}
        await tonight.browser.get(link_on(ben) + "/pass")

        opener = tonight.carrier.phones.at(ben.number).actor._browse
        assert isinstance(opener, LinkOpener)
        assert {method for method, _, _ in opener.opened} == {"GET"}
        x = await ladder(tonight, case)
        assert (x.state, x.pages[0].state) == (RUNNING, PageState.OPEN)


async def test_a_delivery_receipt_takes_nothing() -> None:
    async with night() as tonight:
        tonight.phone_of(BEN, Person(declines_after=2))
        case = await at_high_risk(tonight)
        await tonight.seconds(20)

        assert [a.state for a in (await page(tonight, case, BEN)).attempts] == [
            AttemptState.DELIVERED,
            AttemptState.FAILED,
        ]
        assert (await ladder(tonight, case)).state is RUNNING


@pytest.mark.parametrize(
    "person",
    [VOICEMAIL, Person(screened_after=4), Person(answers_after=4, hangs_up_after=20), Person(busy=True)],
    ids=["voicemail", "screened", "listens and says nothing", "busy"],
)
async def test_who_picks_up_and_presses_nothing_takes_nothing(person: Person) -> None:
    async with night() as tonight:
        tonight.phone_of(BEN, person)
        sam = tonight.phone_of("sam", AWAKE)
        case = await at_high_risk(tonight)
        await tonight.seconds(80)

        x = await ladder(tonight, case)
        assert (x.taken_by, [a.state for a in x.pages[0].attempts if a.method is Method.VOICE]) == (
            "sam",
            [AttemptState.FAILED],
        )
        sam.expect_call()
        second = x.steps_taken[1][0]
        assert (second - x.started_at).total_seconds() < 60, "the next is asked as soon as it is plain that nobody is"


async def test_a_filtered_text_leaves_the_call_to_wake_them() -> None:
    """Two ways in the same second, since either may fail."""
    async with night() as tonight:
        tonight.phone_of(BEN, FILTERED)
        case = await at_high_risk(tonight)
        await tonight.seconds(10)

        attempts = {a.method.value: a.state for a in (await page(tonight, case, BEN)).attempts}
        assert attempts == {"sms": AttemptState.FAILED, "voice": AttemptState.SENT}


async def test_a_reply_of_somebody_who_was_not_paged_takes_nothing() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        tonight.phone_of("ana").text("1", LINE)
        tonight.phone(WRITER).text("1", LINE)
        await tonight.seconds(3)

        assert (await ladder(tonight, case)).state is RUNNING
        tonight.phone_of("ana").expect_text("No page waits for you")


# ------------------------------------------------------------------------------------------ the ladder


async def test_who_passes_it_on_sleeps_and_the_next_is_paged_at_once() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        case = await at_high_risk(tonight)
        await tonight.seconds(10)
        ben.text("2", LINE)
        await tonight.seconds(3)

        assert await paged(tonight, case) == [BEN, "sam"]
        ben.expect_text("goes to the next person")
        tonight.phone_of("sam").expect_text(case.number)
        assert all(call.is_over for call in ben.calls)


async def test_a_page_that_was_only_a_text_is_passed_on_as_quickly() -> None:
    """No telephone stops ringing that could hurry the ladder on: the word alone does."""
    staff = [replace(one, reach=one.reach[:1]) for one in STAFF]
    async with night(staff=staff) as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(10)
        tonight.phone_of(BEN).text("2", LINE)
        await tonight.seconds(2)

        assert await paged(tonight, case) == [BEN, "sam"]


async def test_who_can_be_reached_by_no_means_is_not_waited_for() -> None:
    """A dead telephone is not worth two minutes."""
    async with night() as tonight:
        tonight.phone_of(BEN, UNREACHABLE)
        case = await at_high_risk(tonight)
        await tonight.seconds(10)

        assert await paged(tonight, case) == [BEN, "sam"]


async def test_a_voicemail_that_hung_up_is_not_waited_for_when_the_text_failed_too() -> None:
    """Nobody is left on this step who could still answer."""
    async with night() as tonight:
        tonight.phone_of(BEN, Person(texts_fail=30007, machine_after=5, hangs_up_after=10))
        case = await at_high_risk(tonight)
        await tonight.seconds(25)

        assert await paged(tonight, case) == [BEN, "sam"]


async def test_a_text_that_fails_lets_the_telephone_ring_at_once_and_not_when_its_turn_would_come() -> None:
    """What the carrier says has failed will wake nobody, so waiting for the next way is silence."""
    number = "+15550100002"
    ways = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 90))
    staff = [replace(one, reach=ways) if one.id == BEN else one for one in STAFF]
    async with night(staff=staff) as tonight:
        ben = tonight.phone_of(BEN, FILTERED)
        case = await at_high_risk(tonight)
        await tonight.seconds(10)
        assert len(ben.calls) == 1
        failed, rings = (await page(tonight, case, BEN)).attempts
        assert (failed.state, rings.state) == (AttemptState.FAILED, AttemptState.SENT)
        assert (rings.at - failed.at).total_seconds() <= 2

        await tonight.seconds(100)
        assert len(ben.calls) == 1, "its own turn came, and it had been made"


async def test_a_text_that_arrives_leaves_the_telephone_to_its_turn() -> None:
    number = "+15550100002"
    ways = (Reach(Method.SMS, number, 0), Reach(Method.VOICE, number, 90))
    staff = [replace(one, reach=ways) if one.id == BEN else one for one in STAFF]
    async with night(staff=staff) as tonight:
        ben = tonight.phone_of(BEN)
        await at_high_risk(tonight)
        await tonight.seconds(60)
        assert not ben.calls
        await tonight.seconds(35)
        assert len(ben.calls) == 1


async def test_who_was_woken_hears_that_nobody_need_come() -> None:
    """Somebody who was paged gets dressed; a page that is only taken off the board lets them drive."""
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        case = await at_imminent_risk(tonight)
        await tonight.seconds(5)
        await tonight.done("rui", f"/api/cases/{case.id}/stand-down", {"reason": "their mother is with them"})
        await tonight.seconds(3)

        ben.expect_text(f"Case {case.number} was stood down")
        told = [text.body for text in ben.texts if "stood down" in text.body]
        assert len(told) == 1
        assert "mother" not in told[0]


async def test_when_nobody_takes_it_the_alarm_stands_at_every_desk_until_somebody_does() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.minutes(4)
        await tonight.seconds(1)
        x = await ladder(tonight, case)
        assert (x.state, await paged(tonight, case)) == (EXHAUSTED, [BEN, "sam"])
        board = (await tonight.get("sam", "/api/board")).json()
        assert [e["state"] for c in board["cases"] for e in c["escalations"]] == ["exhausted"]
        refused = await tonight.post("rui", f"/api/cases/{case.id}/close", {"outcome": "safe", "reason": "calmer"})
        assert refused.status_code == 409

        await tonight.minutes(20)
        tonight.phone_of(BEN).text("1", LINE)
        await tonight.seconds(2)
        assert (await ladder(tonight, case)).taken_by == BEN


async def test_two_who_take_it_in_the_same_second_are_one_taker_and_one_who_is_told() -> None:
    async with night() as tonight:
        case = await at_imminent_risk(tonight)
        await tonight.seconds(3)
        ben, sam = tonight.phone_of(BEN), tonight.phone_of("sam")
        links = [link_on(ben), link_on(sam)]

        pages = await asyncio.gather(*(tonight.browser.post(link) for link in links))
        await tonight.settle()

        x = await ladder(tonight, case)
        assert x.state is TAKEN
        said = ["You have it" in one.text for one in pages]
        assert sorted(said) == [False, True]
        other = pages[said.index(False)]
        assert f"{x.taken_by_name} has it" in other.text


async def test_whoever_was_paged_too_is_told_that_they_can_sleep_and_nothing_rings_any_more() -> None:
    async with night() as tonight:
        case = await at_imminent_risk(tonight)
        await tonight.seconds(5)
        ben, sam = tonight.phone_of(BEN), tonight.phone_of("sam")
        assert not ben.calls[-1].is_over
        sam.text("1", LINE)
        await tonight.seconds(3)

        ben.expect_text("Sam Okoro has case")
        assert all(call.is_over for call in (*ben.calls, *sam.calls))
        count = len(ben.texts), len(ben.calls), len(sam.calls)
        await tonight.minutes(9)
        assert (len(ben.texts), len(ben.calls), len(sam.calls)) == count
        assert await paged(tonight, case) == [BEN, "sam"]


async def test_a_digit_after_somebody_else_has_it_is_told_so() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN, Person(answers_after=3, presses=(Press("1", 20),)))
        case = await at_imminent_risk(tonight)
        await tonight.seconds(8)
        tonight.phone_of("sam").text("1", LINE)
        await tonight.seconds(30)

        assert (await ladder(tonight, case)).taken_by == "sam"
        assert "Sam Okoro has case" in ben.words_heard()


async def test_standing_down_ends_it_for_everybody_with_a_reason() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        case = await at_high_risk(tonight)
        await tonight.seconds(5)
        await tonight.done("rui", f"/api/cases/{case.id}/stand-down", {"reason": "His mother is with him."})
        await tonight.seconds(2)
        assert (await ladder(tonight, case)).state is EscalationState.STOOD_DOWN
        assert all(call.is_over for call in ben.calls)
        assert "Stood down" in (await tonight.browser.post(link_on(ben))).text
        ben.text("1", LINE)
        await tonight.minutes(10)

        assert (await ladder(tonight, case)).state is EscalationState.STOOD_DOWN
        assert await paged(tonight, case) == [BEN]


async def test_a_clinician_who_has_it_reads_the_case_a_second_later() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        assert (await tonight.get("ana", f"/api/cases/{case.id}")).status_code == 403
        await tonight.seconds(3)
        await tonight.browser.post(link_on(tonight.phone_of(BEN)))
        await tonight.settle()

        detail = (await tonight.get(BEN, f"/api/cases/{case.id}")).json()
        assert detail["messages"][0]["text"] == "i cant do this anymore"


async def test_pages_for_two_cases_at_once_are_told_apart_by_their_numbers() -> None:
    async with night() as tonight:
        ben = tonight.phone_of(BEN)
        one = await at_high_risk(tonight)
        other = await at_high_risk(tonight, "+15550100909")
        await tonight.seconds(12)
        assert pages_on(ben, one.number) == 1
        ben.expect_text(f"Case {other.number}.")
        ben.text("1", LINE)
        await tonight.seconds(3)
        ben.expect_text("more than one page")
        ben.text(other.number, LINE)
        await tonight.seconds(3)

        assert (await ladder(tonight, one)).state is RUNNING
        assert (await ladder(tonight, other)).state is TAKEN
