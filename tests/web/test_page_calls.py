"""A page by telephone: the menu, the two keys that mean something, and everything that never takes a page."""

from __future__ import annotations

import asyncio

import pytest

from crisis_hub.adapters.telephony.simulator import ACCOUNT_SID
from crisis_hub.domain.case import Case
from crisis_hub.domain.escalation import Escalation
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, PageState
from tests.night import PUBLIC, Night, night
from tests.web.kit import book, call_form, hook, house, paged, twiml

CALL = {"CallSid": "CA" + "5" * 32}


def at(case: Case, what: str, attempt: int = 1) -> str:
    """The address that the carrier was given for the page's call (attempt 1) or text (attempt 0)."""
    page = case.escalations[0].pages[0]
    return f"/twilio/page/{what}?case={case.id}&attempt={page.attempts[attempt].id}"


async def ladder(tonight: Night, case: Case) -> Escalation:
    return (await tonight.case(case.id)).escalations[0]


async def test_the_menu_says_urgency_and_number_and_waits_for_a_key() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        answer = await hook(tonight, at(case, "voice"), CALL)
        root = twiml(answer)
        gathers = root.findall("Gather")
        assert len(gathers) == 3
        assert gathers[0].get("numDigits") == "1"
        assert str(gathers[0].get("action")) == PUBLIC + at(case, "digits")
        words = gathers[0][0].text or ""
        assert "high" in words.lower()
        assert " ".join(case.number) in words
        assert root[-1].tag == "Hangup"
        assert (await ladder(tonight, case)).state is EscalationState.RUNNING, "hearing it takes nothing"


async def test_the_key_takes_it_and_again_it_says_who_has_it() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        answers = await asyncio.gather(*(hook(tonight, at(case, "digits"), CALL | {"Digits": "1"}) for _ in range(3)))
        assert len({answer.text for answer in answers}) == 1
        assert "You have case" in answers[0].text
        assert twiml(answers[0])[-1].tag == "Hangup"
        now = await ladder(tonight, case)
        assert (now.state, now.taken_means) == (EscalationState.TAKEN, "digit")
        assert now.taken_by == now.pages[0].person


@pytest.mark.parametrize("digits", ["", "3", "9", "*", "#", "x", "１", "ABC", " 1", "\x00"])
async def test_any_other_key_says_it_all_again(digits: str) -> None:
    async with house() as tonight:
        case = await paged(tonight)
        head = await tonight.store.head()
        menu = (await hook(tonight, at(case, "voice"), CALL)).text
        assert (await hook(tonight, at(case, "digits"), CALL | {"Digits": digits})).text == menu
        assert await tonight.store.head() == head
        assert (await ladder(tonight, case)).state is EscalationState.RUNNING


async def test_the_other_key_passes_it() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        answer = await hook(tonight, at(case, "digits"), CALL | {"Digits": "2"})
        assert twiml(answer)[-1].tag == "Hangup"
        now = await ladder(tonight, case)
        assert (now.step, now.pages[0].state) == (2, PageState.PASSED)


async def test_who_presses_too_late_hears_who_has_it() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        await tonight.minutes(3)
        (sams,) = [page for page in (await ladder(tonight, case)).pages if page.person == "sam"]
        await tonight.done("sam", f"/api/pages/{sams.id}/take")
        answer = await hook(tonight, at(case, "digits"), CALL | {"Digits": "1"})
        assert "Sam Okoro has case" in answer.text
        assert (await ladder(tonight, case)).taken_by == "sam"


@pytest.mark.parametrize(
    "news",
    [
        CALL | {"CallStatus": "in-progress"},
        CALL | {"CallStatus": "in-progress", "AnsweredBy": "human"},
        CALL | {"CallStatus": "in-progress", "AnsweredBy": "machine_end_beep"},
        CALL | {"CallStatus": "completed", "CallDuration": "60"},
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
        {"MessageSid": "SM1", "MessageStatus": "read"},
    ],
)
async def test_neither_delivery_nor_a_picked_up_call_takes_a_page(news: dict[str, str]) -> None:
    async with house() as tonight:
        case = await paged(tonight)
        assert (await hook(tonight, at(case, "status", 0 if "MessageSid" in news else 1), news)).status_code == 204
        now = await ladder(tonight, case)
        assert now.taken_by is None
        assert now.state is EscalationState.RUNNING
        assert all(page.state is PageState.OPEN for page in now.pages)


async def test_an_attempts_progress_never_goes_back() -> None:
    async with house() as tonight:
        case = await paged(tonight)

        async def told(word: str) -> AttemptState:
            answer = await hook(tonight, at(case, "status"), CALL | {"CallStatus": word})
            assert answer.status_code == 204
            return (await ladder(tonight, case)).pages[0].attempts[1].state

        assert await told("ringing") == AttemptState.SENT
        assert await told("in-progress") == AttemptState.DELIVERED
        assert await told("ringing") == AttemptState.DELIVERED
        assert await told("levitating") == AttemptState.DELIVERED
        assert await told("no-answer") == AttemptState.FAILED
        for late in ("queued", "in-progress", "completed"):
            assert await told(late) == AttemptState.FAILED
        head = await tonight.store.head()
        assert await told("no-answer") == AttemptState.FAILED
        assert await tonight.store.head() == head


async def test_late_news_never_undoes_a_page_that_was_taken() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        await hook(tonight, at(case, "digits"), CALL | {"Digits": "1"})
        for word in ("completed", "failed", "ringing"):
            await hook(tonight, at(case, "status"), CALL | {"CallStatus": word})
        now = await ladder(tonight, case)
        assert now.state is EscalationState.TAKEN
        assert now.pages[0].attempts[1].state is AttemptState.TAKEN


# --------------------------------------------------------------------------------------------- by reply


async def test_a_colleagues_text_is_their_answer_and_never_a_case() -> None:
    async with house() as tonight:
        case = await paged(tonight)
        person = case.escalations[0].pages[0].person
        number = tonight.phone_of(person).number
        cases = len(tonight.house.board.cases())
        form = {"From": number, "To": "+15550100100", "Body": "hm?", "MessageSid": "SM" + "3" * 32}
        twiml(await hook(tonight, "/twilio/text", form))
        assert (await ladder(tonight, case)).state is EscalationState.RUNNING
        take = form | {"Body": case.number, "MessageSid": "SM" + "4" * 32}
        first = await hook(tonight, "/twilio/text", take)
        assert "You have case" in first.text
        assert (await ladder(tonight, case)).taken_means == "reply"
        assert (await hook(tonight, "/twilio/text", take)).text == first.text, "twice is the same as once"
        assert len(tonight.house.board.cases()) == cases


# ------------------------------------------------------------------------------- by the call of a second account


@pytest.mark.parametrize("second", [False, True], ids=["by the first", "by the second"])
async def test_nobody_is_put_through_by_a_call_whose_account_has_not_the_callers_room(second: bool) -> None:
    """A room of the same name in another account is another room: they would stand in it alone."""
    async with night(rulebook=book(), second_account="AC" + "9" * 32) as tonight:
        await hook(tonight, "/twilio/voice", call_form())
        (case,) = tonight.house.board.cases()
        await tonight.done("rui", f"/api/cases/{case.id}/claim")
        await tonight.answer(case, "asq.q1=yes", "asq.q5=yes")
        await tonight.seconds(2)
        case = await tonight.case(case.id)
        form = CALL | {"AccountSid": "AC" + "9" * 32 if second else ACCOUNT_SID}

        menu = (await hook(tonight, at(case, "voice"), form)).text
        assert ("join the call" not in menu) is second
        assert ("join the call" not in (await hook(tonight, at(case, "digits"), form)).text) is second
        answer = await hook(tonight, at(case, "digits"), form | {"Digits": "1"})

        assert (twiml(answer).find(".//Conference") is None) is second
        assert ("Open it" in answer.text) is second
        assert (await ladder(tonight, case)).state is EscalationState.TAKEN, "it is taken in any case"
