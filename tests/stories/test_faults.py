"""Nights on which the carrier fails us: a page is never lost, and words for the person are never doubled."""

from __future__ import annotations

import pytest

from crisis_hub.adapters.telephony.simulator import Fault, FaultKind
from crisis_hub.domain.vocabulary import AttemptState, EscalationState, MessageState
from tests.night import LINE, Night, night
from tests.stories.scenes import WRITER, at_high_risk, at_imminent_risk, ladder, page, paged, pages_on, taken_by_rui

REST = [
    FaultKind.REST_429,
    FaultKind.REST_503,
    FaultKind.REST_500,
    FaultKind.REST_500_AFTER,
    FaultKind.REST_SILENT_BEFORE,
    FaultKind.REST_SILENT_AFTER,
    FaultKind.REST_LATENCY,
]
WORDS = "I am here with you."


def break_it(tonight: Night, kind: FaultKind, *, count: int | None = None, only: str = "", seconds: float = 0) -> None:
    """Let something go wrong the next few times, or for ever."""
    tonight.carrier.faults.add(Fault(kind, count=count, only=only, seconds=seconds))


# ------------------------------------------------------------------------------------------ pages


@pytest.mark.parametrize("kind", REST)
async def test_a_page_gets_through_whatever_the_carrier_answers_at_first(kind: FaultKind) -> None:
    """A double page is harmless; a lost one is not."""
    async with night() as tonight:
        break_it(tonight, kind, count=4, seconds=5 if kind is FaultKind.REST_LATENCY else 0)
        case = await at_high_risk(tonight)
        await tonight.seconds(30)
        ben = tonight.phone_of("ben")

        ben.expect_text(case.number)
        ben.expect_call()
        assert tonight.carrier.faults.struck[kind.value] >= 2
        ben.text("1", LINE)
        await tonight.seconds(2)
        assert (await ladder(tonight, case)).taken_by == "ben"


async def test_a_carrier_that_is_down_for_good_ends_in_the_alarm_and_not_in_silence() -> None:
    async with night() as tonight:
        break_it(tonight, FaultKind.REST_503)
        case = await at_high_risk(tonight)
        await tonight.minutes(5)

        x = await ladder(tonight, case)
        assert x.state is EscalationState.EXHAUSTED
        assert {a.state for one in x.pages for a in one.attempts} == {AttemptState.PLANNED}, "they are still tried"


async def test_lost_news_never_stops_a_ladder() -> None:
    """What the carrier does not tell us is not taken for good news."""
    async with night() as tonight:
        break_it(tonight, FaultKind.WEBHOOK_LOST, only="/twilio/page")
        case = await at_high_risk(tonight)
        await tonight.minutes(5)

        assert (await ladder(tonight, case)).state is EscalationState.EXHAUSTED
        assert await paged(tonight, case) == ["ben", "sam"]


@pytest.mark.parametrize("kind", [FaultKind.WEBHOOK_DOUBLED, FaultKind.WEBHOOK_LATE, FaultKind.WEBHOOK_REORDERED])
async def test_doubled_late_and_reordered_news_ends_in_the_same_states(kind: FaultKind) -> None:
    async with night() as tonight:
        break_it(tonight, kind, only="/status", seconds=7)
        case = await at_high_risk(tonight)
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": WORDS})
        await tonight.seconds(80)

        attempts = {a.method.value: a.state for a in (await page(tonight, case, "ben")).attempts}
        assert attempts == {"sms": AttemptState.DELIVERED, "voice": AttemptState.FAILED}
        assert (await tonight.case(case.id)).conversation.messages[-1].state is MessageState.DELIVERED
        assert tonight.carrier.faults.struck[kind.value] > 0


async def test_a_page_whose_link_never_arrives_is_still_a_call() -> None:
    async with night() as tonight:
        break_it(tonight, FaultKind.TEXT_UNDELIVERED)
        case = await at_imminent_risk(tonight)
        await tonight.seconds(5)

        assert {a.state for a in (await page(tonight, case, "ben")).attempts} == {
            AttemptState.FAILED,
            AttemptState.SENT,
        }


async def test_when_calls_and_texts_to_somebody_fail_the_next_is_paged_in_seconds() -> None:
    async with night() as tonight:
        ben = tonight.phone_of("ben").number
        break_it(tonight, FaultKind.CALL_FAILS, only=ben)
        break_it(tonight, FaultKind.TEXT_REFUSED, only=ben)
        case = await at_high_risk(tonight)
        await tonight.seconds(6)

        assert await paged(tonight, case) == ["ben", "sam"]


async def test_a_page_is_sent_again_after_silence_and_once_taken_never_again() -> None:
    async with night() as tonight:
        break_it(tonight, FaultKind.REST_SILENT_AFTER, only="Messages")
        break_it(tonight, FaultKind.WEBHOOK_LOST, only="/twilio/page/status")
        case = await at_high_risk(tonight)
        await tonight.seconds(12)
        ben = tonight.phone_of("ben")
        assert pages_on(ben, case.number) >= 2
        ben.text("1", LINE)
        await tonight.seconds(2)
        count = pages_on(ben, case.number)
        await tonight.minutes(3)

        assert pages_on(ben, case.number) <= count + 1  # one may have been on its way
        assert (await ladder(tonight, case)).state is EscalationState.TAKEN


# ------------------------------------------------------------------------------------------ words for the person


@pytest.mark.parametrize("kind", REST)
async def test_words_for_the_person_arrive_once_whatever_the_carrier_answers(kind: FaultKind) -> None:
    async with night() as tonight:
        case = await taken_by_rui(tonight)
        break_it(tonight, kind, count=2, only="POST", seconds=5 if kind is FaultKind.REST_LATENCY else 0)
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": WORDS})
        await tonight.seconds(60)

        writer = tonight.phone(WRITER)
        assert [text.body for text in writer.texts].count(WORDS) == 1
        assert (await tonight.case(case.id)).conversation.messages[-1].state is MessageState.DELIVERED


async def test_words_are_not_doubled_even_when_the_list_cannot_be_read_for_a_while() -> None:
    async with night() as tonight:
        case = await taken_by_rui(tonight)
        break_it(tonight, FaultKind.WEBHOOK_LOST, only="/text/status")
        break_it(tonight, FaultKind.REST_SILENT_AFTER, count=1, only="POST")
        break_it(tonight, FaultKind.REST_500, count=3, only="GET")
        await tonight.done("rui", f"/api/cases/{case.id}/messages", {"text": WORDS})
        await tonight.seconds(60)

        assert [text.body for text in tonight.phone(WRITER).texts].count(WORDS) == 1
        assert (await tonight.case(case.id)).conversation.messages[-1].state is MessageState.SENT


# ------------------------------------------------------------------------------------------ what comes in


@pytest.mark.parametrize("kind", [FaultKind.WEBHOOK_DOUBLED, FaultKind.WEBHOOK_LATE])
async def test_a_text_that_is_brought_twice_or_late_is_one_message_in_one_case(kind: FaultKind) -> None:
    async with night() as tonight:
        break_it(tonight, kind, only="/twilio/text", seconds=3)
        for words in ("hello", "are you there"):
            tonight.phone(WRITER).text(words, LINE)
        await tonight.seconds(15)

        [case] = tonight.house.board.cases()
        said = [m.text for m in (await tonight.case(case.id)).conversation.messages if m.author == "person"]
        assert sorted(said) == ["are you there", "hello"]


@pytest.mark.parametrize("kind", [FaultKind.WEBHOOK_UNSIGNED, FaultKind.WEBHOOK_WRONGLY_SIGNED])
async def test_what_is_not_signed_by_the_carrier_writes_nothing(kind: FaultKind) -> None:
    async with night() as tonight:
        head = await tonight.store.head()
        break_it(tonight, kind)
        tonight.phone(WRITER).text("hello", LINE)
        tonight.phone("+15550100901").call(LINE)
        await tonight.seconds(5)

        assert await tonight.store.head() == head
        assert tonight.house.board.cases() == []


async def test_an_unsigned_digit_or_reply_takes_no_page() -> None:
    async with night() as tonight:
        case = await at_high_risk(tonight)
        await tonight.seconds(3)
        attempt = (await page(tonight, case, "ben")).attempts[1].id
        where = f"/twilio/page/digits?case={case.id}&attempt={attempt}"
        posted = await tonight.browser.post(where, data={"Digits": "1", "CallSid": "CA1"})
        break_it(tonight, FaultKind.WEBHOOK_WRONGLY_SIGNED, count=1)
        tonight.phone_of("ben").text("1", LINE)
        await tonight.seconds(3)

        assert posted.status_code == 403
        assert (await ladder(tonight, case)).state is EscalationState.RUNNING


async def test_a_page_that_does_not_leave_is_told_on_the_board_and_to_whoever_watches_over_us() -> None:
    """The carrier is down: nobody must believe that somebody was woken."""
    async with night() as tonight:
        break_it(tonight, FaultKind.REST_503)
        case = await at_high_risk(tonight)
        await tonight.seconds(20)

        late = f"Case {case.number}: the text to Ben Hollis has not left yet."
        board = (await tonight.get("sam", "/api/board")).json()
        assert any(late in trouble for trouble in board["service"]["troubles"])
        assert any(late in trouble for trouble in (await tonight.browser.get("/ready")).json()["troubles"])

        await tonight.minutes(10)
        tonight.carrier.faults.switch_off()
        await tonight.seconds(20)
        tonight.phone_of("ben").expect_text(case.number)
        tonight.phone_of("sam").expect_text(case.number)
        assert not any(late in trouble for trouble in (await tonight.browser.get("/ready")).json()["troubles"])
